"""The people and organisations of the demonstration. Codes and names are fictitious; check characters are right."""

from __future__ import annotations

from dataclasses import dataclass

from dianchi.kernel.actors import Role


@dataclass(frozen=True)
class Organisation:
    """An organisation of the demonstration."""

    uscc: str
    name: str
    kind: str
    region: str = "530000"


@dataclass(frozen=True)
class Demo:
    """A person of the demonstration."""

    username: str
    name: str
    role: Role
    uscc: str

    @property
    def organisation_name(self) -> str:
        """The name of the organisation."""
        return next(o.name for o in ORGANISATIONS if o.uscc == self.uscc)


BUREAU, GOVERNMENT, CENTRE = "11530000MB1A000012", "115300000151001003", "12530000MB0000000U"
HEALTH, TOURISM, CIVIL = "11530000015100207E", "11530000015100303P", "115300000151007091"
REGISTRAR, REFORM, AUDIT = "1253000001510040XT", "11530000015100506C", "11530000015100602M"
OPERATOR, SUBSIDIARY = "91530000MA6K000148", "91530000MA6K000223"
UNIVERSITY, BIDDER = "125300004312003030", "91530000MA6T000124"
DEVELOPER, RIVAL, CONSUMER = "91530100MA6N123416", "91530100MA6N1235XX", "91530400MA6P00078R"

ORGANISATIONS = (
    Organisation(BUREAU, "云南省数据局", "organ"),
    Organisation(GOVERNMENT, "云南省人民政府", "organ"),
    Organisation(CENTRE, "云南省数据中心", "institution"),
    Organisation(HEALTH, "云南省卫生健康委员会", "organ"),
    Organisation(TOURISM, "云南省文化和旅游厅", "organ"),
    Organisation(CIVIL, "云南省民政厅", "organ"),
    Organisation(REGISTRAR, "云南省数据登记中心", "institution"),
    Organisation(REFORM, "云南省发展和改革委员会", "organ"),
    Organisation(AUDIT, "云南省审计厅", "organ"),
    Organisation(OPERATOR, "云南数据运营有限公司", "enterprise"),
    Organisation(SUBSIDIARY, "云数创新科技有限公司", "enterprise"),
    Organisation(DEVELOPER, "昆明数智科技有限公司", "enterprise", "530100"),
    Organisation(RIVAL, "滇中数据服务有限公司", "enterprise", "530100"),
    Organisation(UNIVERSITY, "云南大学", "institution"),
    Organisation(BIDDER, "西南数据科技有限公司", "enterprise"),
    Organisation(CONSUMER, "玉溪旅游服务有限公司", "enterprise", "530400"),
)

PEOPLE = (
    Demo("shujuju", "杨岚", Role.BUREAU, BUREAU),
    Demo("shengzhengfu", "段正明", Role.AUTHORIZER, GOVERNMENT),
    Demo("shishi", "和丽芬", Role.IMPLEMENTER, CENTRE),
    Demo("shishi2", "木建国", Role.IMPLEMENTER, CENTRE),
    Demo("weijian", "李晓霞", Role.SECTOR, HEALTH),
    Demo("jikong", "赵文斌", Role.PROVIDER, HEALTH),
    Demo("wenlv", "刀玉香", Role.PROVIDER, TOURISM),
    Demo("minzheng", "普世荣", Role.PROVIDER, CIVIL),
    Demo("yunying", "陈海波", Role.OPERATOR, OPERATOR),
    Demo("yunying2", "周敏", Role.OPERATOR, OPERATOR),
    Demo("jingbiao1", "钟启航", Role.OPERATOR, RIVAL),
    Demo("jingbiao2", "段立群", Role.OPERATOR, BIDDER),
    Demo("kaifa", "王思远", Role.DEVELOPER, DEVELOPER),
    Demo("kaifa2", "马云飞", Role.DEVELOPER, SUBSIDIARY),
    Demo("kaifa3", "邓若兰", Role.DEVELOPER, BIDDER),
    Demo("dengji", "张慧", Role.REGISTRAR, REGISTRAR),
    Demo("jiage", "李国栋", Role.PRICE, REFORM),
    Demo("yonghu", "孙丽", Role.CONSUMER, CONSUMER),
    Demo("zhuanjia1", "沈文渊", Role.EXPERT, UNIVERSITY),
    Demo("zhuanjia2", "陶静怡", Role.EXPERT, UNIVERSITY),
    Demo("zhuanjia3", "何宗泽", Role.EXPERT, UNIVERSITY),
    Demo("zhuanjia4", "白雪梅", Role.EXPERT, UNIVERSITY),
    Demo("zhuanjia5", "施正良", Role.EXPERT, UNIVERSITY),
    Demo("shenji", "钱学文", Role.AUDITOR, AUDIT),
    Demo("xitong", "高健", Role.SYSTEM_ADMIN, BUREAU),
    Demo("anquan", "罗静", Role.SECURITY_ADMIN, BUREAU),
    Demo("audit", "吴涛", Role.AUDIT_ADMIN, BUREAU),
)
