"""The ten steps of an exit: the time at which each was done is a column, so that the database knows what is open."""

from __future__ import annotations

from dataclasses import dataclass

from dianchi.kernel.law.articles import Article, cite, default, price65, reg26, spec27
from dianchi.kernel.text import Text


@dataclass(frozen=True)
class Step:
    """One step: its name, the column of its time, what it is, and what the platform itself must see of it."""

    name: str
    field: str
    title: Text
    shown: Text  # what must be so before it can be ticked; checked by the platform where it can be
    article: Article


STEPS = (
    Step("FREEZE", "frozen_at", Text("冻结新申请", "Freeze new requests"),
         Text("协议已终止，不能再以其申请数据、开发产品", "The agreement has ended: nothing new can rest on it"), spec27(14, 12)),
    Step("STOP", "stopped_at", Text("停止交付并通知各方", "Stop deliveries and tell everybody"),
         Text("有关产品的订单已全部终止", "Every order of its products is closed"), spec27(14, 9)),
    Step("ACCESS", "access_closed_at", Text("关闭开发环境账号和密钥", "Close accounts and keys"),
         Text("有关订单没有有效密钥，没有运行中的申请", "No live key, no data request in use"), cite("CSL", 21)),
    Step("HANDOVER", "handed_over_at", Text("移交或者终止在运产品", "Hand over or wind down products"),
         Text("有关产品已全部下架或者召回", "Every product is off the list"), spec27(14, 9)),
    Step("DESTROY", "destroyed_at", Text("返还或者销毁数据", "Return or destroy data"),
         Text("两名见证人在场，平台销毁密钥并出具证明", "Two witnesses; the platform destroys the keys and certifies it"), cite("PIPL", 21)),
    Step("RETAIN", "retained_at", Text("留存日志和法定记录", "Keep logs and statutory records"),
         Text("留存期限由平台计算", "The platform reckons until when"), cite("CSL", 21)),
    Step("SETTLE", "settled_at", Text("结清账款和收益分配", "Settle accounts and distribution"),
         Text("有关账单已全部结清", "Every bill is paid"), price65(5)),
    Step("ASSETS", "assets_at", Text("按协议移交资产", "Hand over assets as agreed"),
         Text("移交清单由双方签认", "The list is signed by both"), spec27(14, 12)),
    Step("REGISTER", "register_at", Text("变更或者注销登记", "Change or cancel registrations"),
         Text("有关产品没有有效登记", "No product is registered any more"), reg26(9, 4)),
    Step("REPORT", "final_report_at", Text("提交总结报告并披露", "Report and disclose"),
         Text("其余九项均已完成", "The other nine are done"), default()),
)  # fmt: skip
BY_NAME = {step.name: step for step in STEPS}
FIELDS = tuple(step.field for step in STEPS)
CHOICES = tuple((step.name, step.title) for step in STEPS if step.name != "DESTROY")  # that one the platform does
