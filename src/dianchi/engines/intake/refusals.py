"""Why a file is refused as a whole."""

from __future__ import annotations

from dianchi.kernel.errors import Refusal
from dianchi.kernel.law.articles import default
from dianchi.kernel.text import Text

EMPTY = Refusal(
    "intake.empty",
    Text("文件中没有数据。", "There are no data in the file."),
    default(),
    Text("请核对文件后重新提交。", "Check the file and submit it again."),
)
UNREADABLE = Refusal(
    "intake.unreadable",
    Text("文件内容与其格式不符，无法读取。", "The file is not what its format says and cannot be read."),
    default(),
    Text("请用生成该文件的软件另存后重新提交。", "Save it anew with the program that made it and submit again."),
)
PROTECTED = Refusal(
    "intake.protected",
    Text("工作簿受密码保护。", "The workbook is protected by a password."),
    default(),
    Text("请去除密码后重新提交。", "Remove the password and submit again."),
)
TOO_LARGE = Refusal(
    "intake.too-large",
    Text("压缩内容展开后过大，拒绝读取。", "The packed content is too large once unpacked; it is not read."),
    default(),
    Text("请改用文本表格或列式文件提交。", "Submit it as CSV or Parquet instead."),
)
NO_HEADER = Refusal(
    "intake.no-header",
    Text("找不到表头，或列数过多。", "No header was found, or there are too many columns."),
    default(),
)
NO_SHEET = Refusal("intake.no-sheet", Text("工作簿中没有这一工作表。", "The workbook has no such sheet."), default())
