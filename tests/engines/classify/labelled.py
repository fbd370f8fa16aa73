"""A labelled set of columns, made from a seed: name, category or "" for none, values. Hard negatives included."""

from __future__ import annotations

import random
import string

from dianchi.engines.classify import words
from dianchi.engines.quality.formats import ID_WEIGHTS, USCC_ALPHABET, USCC_WEIGHTS

Column = tuple[str, str, list[str | None]]
GIVEN = "伟芳娜敏静丽强磊军洋勇艳杰娟涛明超秀霞平刚桂英华建国文玉兰红梅志鹏晓东婷浩宇子轩欣怡梓涵𬭚䶮㛃"
COUNTIES = ["五华区", "盘龙区", "官渡区", "红塔区", "通海县", "大理市", "景洪市", "芒市", "泸水市", "瑞丽市"]
DIVISIONS = ["530102", "530103", "530111", "530402", "530423", "532901", "532801", "533103", "110105", "440305"]


class Maker:
    """Makes values of every kind."""

    def __init__(self, seed: int) -> None:
        self.r = random.Random(seed)

    def digits(self, n: int, first: str = "123456789") -> str:
        return self.r.choice(first) + "".join(self.r.choice(string.digits) for _ in range(n - 1))

    def day(self, first: int = 1940, last: int = 2015) -> tuple[int, int, int]:
        return self.r.randint(first, last), self.r.randint(1, 12), self.r.randint(1, 28)

    def citizen_id(self) -> str:
        year, month, day = self.day()
        body = f"{self.r.choice(DIVISIONS)}{year}{month:02d}{day:02d}{self.r.randint(0, 999):03d}"
        return body + "10X98765432"[sum(int(c) * w for c, w in zip(body, ID_WEIGHTS, strict=True)) % 11]

    def uscc(self) -> str:
        body = self.r.choice(["91", "12", "52", "93"]) + self.r.choice(DIVISIONS)
        body += "".join(self.r.choice(USCC_ALPHABET) for _ in range(9))
        total = sum(USCC_ALPHABET.index(c) * w for c, w in zip(body, USCC_WEIGHTS, strict=True))
        return body + USCC_ALPHABET[(31 - total % 31) % 31]

    def card(self) -> str:
        body = self.r.choice(["621700", "622848", "622202", "623668"]) + self.digits(12)
        for check in string.digits:
            number = [int(c) for c in reversed(body + check)]
            if sum(d if i % 2 == 0 else d * 2 - 9 * (d > 4) for i, d in enumerate(number)) % 10 == 0:
                return body + check
        raise AssertionError

    def person(self) -> str:
        if self.r.random() < 0.06:
            return self.r.choice(["买买提·艾合买提", "扎西·多吉", "阿布都热依木·吾守尔", "木·阿四", "古丽·努尔"])
        surname = self.r.choice(words.SURNAMES[:120])
        return surname + "".join(self.r.choice(GIVEN) for _ in range(self.r.choice([1, 2, 2])))

    def address(self) -> str:
        end = self.r.choice(
            [f"人民路{self.r.randint(1, 300)}号", f"大村村委会小河组{self.r.randint(1, 90)}号", "翠湖社区3栋2单元501室"]
        )
        return f"云南省{self.r.choice(['昆明市', '玉溪市', '大理白族自治州'])}{self.r.choice(COUNTIES)}{end}"

    def phone(self) -> str:
        return "1" + self.r.choice("3456789") + self.digits(9, string.digits)

    def plate(self) -> str:
        return "云" + self.r.choice("ACDEFGHJKLMNPQRS") + "".join(self.r.choice("0123456789ABCDE") for _ in range(5))

    def date(self, first: int = 1940, last: int = 2015) -> str:
        return "{}-{:02d}-{:02d}".format(*self.day(first, last))


def columns(seed: int = 7, rows: int = 200) -> list[Column]:
    """Columns with their categories; a few values of each are missing."""
    m = Maker(seed)
    r = m.r
    kinds = {
        "citizen_id": (
            m.citizen_id,
            ["身份证号", "sfzh", "id_card_no", "证件号码", "col7", "备用字段", "identityNumber"],
        ),
        "uscc": (m.uscc, ["统一社会信用代码", "tyshxydm", "uscc", "code", "企业编号"]),
        "bank_card": (m.card, ["银行卡号", "yhkh", "bank_card", "c12", "账号"]),
        "phone": (m.phone, ["手机号", "lxdh", "mobile", "联系方式", "field3"]),
        "landline": (lambda: f"0871-6{m.digits(7, string.digits)}", ["办公电话", "固定电话", "fax"]),
        "email": (lambda: f"{m.person().encode().hex()[:8]}@yn.gov.cn", ["邮箱", "email", "x1"]),
        "passport": (lambda: "E" + m.digits(8, string.digits), ["护照号", "passport_no", "hzhm"]),
        "plate": (m.plate, ["车牌号", "cphm", "plateNo", "f9"]),
        "person_name": (m.person, ["姓名", "xm", "patient_name", "联系人", "col1"]),
        "address": (m.address, ["家庭住址", "jtzz", "address", "col5"]),
        "birth_date": (m.date, ["出生日期", "csrq", "birthday", "dob"]),
        "age": (lambda: str(r.randint(0, 99)), ["年龄", "nl", "age"]),
        "sex": (lambda: r.choice("男女"), ["性别", "xb", "gender", "k2"]),
        "ethnicity": (lambda: r.choice(["汉族", "彝族", "白族", "傣族", "哈尼族"]), ["民族", "mz", "ethnic"]),
        "health": (lambda: r.choice(["高血压", "糖尿病", "上呼吸道感染", "骨折"]), ["诊断", "disease", "病种名称"]),
        "medical_record": (lambda: "ZY" + m.digits(8), ["病案号", "住院号", "mrn"]),
        "social_security": (lambda: m.digits(10), ["社保卡号", "医保编号", "social_security_no"]),
        "longitude": (lambda: f"{r.uniform(97, 106):.6f}", ["经度", "lng", "longitude"]),
        "latitude": (lambda: f"{r.uniform(21, 29):.6f}", ["纬度", "lat"]),
        "income": (lambda: str(r.randint(1000, 30000)), ["月收入", "salary", "工资"]),
        "division_code": (lambda: r.choice(DIVISIONS), ["行政区划代码", "xzqhdm", "cityCode"]),
    }
    negatives = {
        "订单号": lambda: "2020" + f"{r.randint(1, 12):02d}{r.randint(1, 28):02d}" + m.digits(10, string.digits),
        "order_no": lambda: m.digits(18),
        "流水号": lambda: "53" + m.digits(16, string.digits),
        "serial": lambda: m.digits(16),
        "编号": lambda: m.digits(11, "23456789"),
        "product_name": lambda: r.choice(["Apple Juice", "John Deere Tractor", "Rose Tea", "Grace Hotel"]),
        "title": lambda: r.choice(["Michael Jordan", "Emma Watson", "Li Wei", "Anna Smith"]),
        "名称": lambda: r.choice(["昆明市", "大理市", "石林彝族自治县", "华山街道"]),
        "状态": lambda: r.choice(["已完成", "未完成", "进行中", "高级"]),
        "金额": lambda: f"{r.uniform(1, 9999):.2f}",
        "数量": lambda: str(r.randint(0, 99)),
        "更新时间": lambda: f"{m.date(2018, 2024)} 08:30:00",
        "统计日期": lambda: m.date(2018, 2024),
        "旅游收入": lambda: str(r.randint(1000, 30000)),
        "hash": lambda: "".join(r.choice("0123456789abcdef") for _ in range(32)),
        "气温": lambda: f"{r.uniform(-5, 38):.1f}",
        "备注": lambda: r.choice(["现场核查无异常", "资料已归档", "请于三日内补正", "无"]),
        "颜色": lambda: r.choice(["白色", "黄色", "红色", "黑色"]),
        "设备编码": lambda: "SB" + m.digits(10),
    }  # fmt: skip
    made: list[Column] = []
    for category, (make, names) in kinds.items():
        made += [(name, category, _some(r, make, rows)) for name in names]
    return made + [(name, "", _some(r, make, rows)) for name, make in negatives.items()]


def _some(r: random.Random, make: object, rows: int) -> list[str | None]:
    return [None if r.random() < 0.05 else make() for _ in range(rows)]  # type: ignore[operator]
