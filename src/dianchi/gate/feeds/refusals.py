"""Why nothing could be fetched."""

from __future__ import annotations

from dianchi.kernel.errors import Refusal
from dianchi.kernel.law.articles import default
from dianchi.kernel.text import Text

UNREACHABLE = Refusal("sources.unreachable", Text("数据源无法连接或未按时应答", "The source cannot be reached, or did not answer in time"), default(),
                      Text("请核对地址、网络和口令", "Check address, network and password"))  # fmt: skip
REFUSED = Refusal("sources.refused", Text("数据源拒绝了请求（{status}）", "The source refused the request ({status})"), default(),
                  Text("请核对口令和权限", "Check the password and its rights"))  # fmt: skip
ELSEWHERE = Refusal(
    "sources.led-elsewhere",
    Text("数据源要求转到未获准的地址", "The source leads to an address that is not allowed"),
    default(),
)
TOO_LARGE = Refusal("sources.too-large", Text("应答过大", "The answer is too large"), default(),
                    Text("请减小每页条数", "Ask for smaller pages"))  # fmt: skip
NOT_DATA = Refusal(
    "sources.not-data", Text("应答中没有可识别的数据行", "The answer holds no rows that can be told"), default()
)
BAD_QUERY = Refusal("sources.bad-query", Text("数据库拒绝了表名或查询", "The database refuses the table or query"), default(),
                    Text("请核对表名、字段和权限", "Check the table, its columns and rights"))  # fmt: skip
