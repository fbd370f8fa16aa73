"""The categories of columns that detection knows, with their names in Chinese, pinyin and English.

Direct identifiers, quasi-identifiers and sensitive attributes after GB/T 37964-2019; personal information after
GB/T 35273-2020; sub-levels after GB/T 43697-2024, annex H.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from enum import StrEnum

from dianchi.kernel.text import Text


class Sort(StrEnum):
    """How a column bears on a person."""

    DIRECT = "direct"  # tells who it is
    QUASI = "quasi"  # tells it together with others
    SENSITIVE = "sensitive"  # must not be known about an identified person
    PLAIN = "plain"


@dataclass(frozen=True)
class Category:
    """One category: what it is, its grade as a general-data sub-level, default uses, and how it is recognised.

    `alone` is the share of values that content alone must hold, `named` the share needed where the name says so too;
    1.1 means that content can never decide, None that content is not looked at.
    """

    key: str
    title: Text
    sort: Sort
    level: int
    uses: tuple[str, ...]
    mask: str
    hint: re.Pattern[str]
    alone: float = 1.1
    named: float | None = None


def _category(
    key: str, title: Text, sort: Sort, level: int, uses: str, hint: str, alone: float = 1.1, named: float | None = None
) -> Category:
    words, _, mask = uses.partition(":")
    return Category(key, title, sort, level, tuple(words.split()), mask, re.compile(hint), alone, named)


D, Q, S, P = Sort.DIRECT, Sort.QUASI, Sort.SENSITIVE, Sort.PLAIN
# Hints see the name in lower case with words parted by single blanks; Chinese stays as it is. First match in this
# order wins where two have equal evidence: the graver ones stand first.
_ALL = (
    _category("citizen_id", Text("公民身份号码", "citizen identity number"), D, 4, "join",
              r"身份证|公民身份|证件号|身份号|\b(sfz|sfzh|sfzhm|shenfenzheng(hao|haoma)?|zjhm|zjh|gmsfhm|id ?card( ?(no|num|number))?|id ?number|id ?no|citizen ?id|identity( ?(no|number))?|national ?id)\b",
              0.01, 0.01),
    _category("passport", Text("护照号码", "passport number"), D, 4, "",
              r"护照|通行证号|\b(huzhao(hao)?|hzhm|passport( ?(no|num|number))?)\b", 0.9, 0.5),
    _category("bank_card", Text("银行账号", "bank account"), D, 4, "",
              r"银行卡|卡号|银行账|账号|帐号|\b(yhk|yhkh|yinhangka(hao)?|yhzh|zhanghao|bank ?(card|account)( ?(no|num|number))?|card ?(no|num|number)|account ?(no|num|number))\b",
              0.85, 0.5),
    _category("medical_record", Text("病案号", "medical record number"), D, 4, "join",
              r"病案号|病历号|住院号|门诊号|就诊卡|\b(bah|binganhao|blh|binglihao|zyh|mzh|mrn|medical ?record( ?(no|num|number))?|patient ?(id|no|number)|admission ?(no|number))\b"),
    _category("social_security", Text("社会保障号码", "social security number"), D, 4, "join",
              r"社保|社会保障|医保(卡|号|编号)|参保(人员)?(编)?号|\b(sbkh|shebao(kahao|hao)?|shbzh|ybkh|ybbh|yibaohao|ssn|social ?security( ?(no|num|number|code|id))?|insurance ?(no|number))\b"),
    _category("phone", Text("手机号码", "mobile number"), D, 3, "mask:phone",
              r"手机|联系电话|联系方式|移动电话|电话号码|\b(sjh|sjhm|shouji(hao|haoma)?|lxdh|lianxidianhua|lxfs|mobile( ?(no|num|number|phone))?|cell ?phone|phone( ?(no|num|number))?|tel( ?(no|num|number))?|telephone|contact ?(no|number))\b",
              0.9, 0.4),
    _category("landline", Text("固定电话", "landline number"), D, 2, "mask:phone",
              r"固定电话|座机|固话|办公电话|单位电话|^电话$|传真|\b(gddh|zuoji|guhua|landline|fax|office ?(phone|tel))\b", 1.1, 0.5),
    _category("email", Text("电子邮箱", "e-mail address"), D, 3, "mask:email",
              r"邮箱|电子邮件|\b(yx|youxiang|dzyx|e ?mail( ?address)?)\b", 0.8, 0.3),
    _category("plate", Text("机动车号牌", "number plate"), D, 3, "mask:plate",
              r"车牌|号牌|\b(cphm|cph|chepai(hao)?|hphm|plate( ?(no|num|number))?|licen[cs]e ?plate|vehicle ?(no|number))\b", 0.8, 0.4),
    _category("person_name", Text("姓名", "personal name"), D, 3, "mask:surname",
              r"姓名|名字|联系人|负责人|法定代表人|法人代表|户主|经办人|患者(?!.*号)|游客(?!.*(量|数|人次))|\b(xm|xingming|lxr|lianxiren|fzr|fddbr|huzhu|(full|real|person|customer|patient|contact|legal|guest|visitor|student|employee|user) ?name|name ?of ?(person|patient|guest)|contact ?person|surname|last ?name|first ?name)\b",
              0.8, 0.3),
    _category("uscc", Text("统一社会信用代码", "unified social credit code"), P, 1, "select",
              r"统一社会信用|信用代码|\b(tyshxydm|shxydm|xydm|uscc|credit ?code)\b", 0.6, 0.3),
    _category("address", Text("详细住址", "address"), Q, 3, "mask:county",
              r"住址|地址|住所|详细位置|户籍地|居住地|门牌|\b(dz|dizhi|zz|zhuzhi|xxdz|jtzz|hjdz|address|addr|street|residence)\b", 0.7, 0.3),
    _category("longitude", Text("经度", "longitude"), Q, 3, "", r"经度|\b(jd|jingdu|lng|lon|longitude)\b", 1.1, 0.8),
    _category("latitude", Text("纬度", "latitude"), Q, 3, "", r"纬度|\b(wd|weidu|lat|latitude)\b", 1.1, 0.8),
    _category("coordinates", Text("经纬度", "coordinates"), Q, 3, "",
              r"坐标|经纬度|\b(zb|zuobiao|coord(inate)?s?|geo ?(point|location)|lat ?(lng|lon))\b", 0.8, 0.3),
    _category("birth_date", Text("出生日期", "date of birth"), Q, 3, "mask:birth_year",
              r"出生|生日|\b(csrq|csny|chusheng(riqi|nianyue)?|shengri|birth ?(day|date)|date ?of ?birth|dob)\b", 1.1, 0.6),
    _category("age", Text("年龄", "age"), Q, 2, "group filter", r"年龄|周岁|\b(nl|nianling|age)\b", 1.1, 0.8),
    _category("sex", Text("性别", "sex"), Q, 2, "group filter", r"性别|\b(xb|xingbie|sex|gender)\b", 0.95, 0),
    _category("ethnicity", Text("民族", "ethnicity"), Q, 3, "group", r"民族|\b(mz|minzu|ethnic(ity)?|nationality)\b", 0.8, 0.5),
    _category("health", Text("健康状况", "health"), S, 4, "group",
              r"诊断|疾病|病种|病名|症状|病史|过敏|检验结果|残疾|传染病|\b(zd|zhenduan|jibing|icd ?(10|code)?|diagnos(is|es)|disease|symptoms?|disability|allerg(y|ies)|health ?(status|condition))\b"),
    _category("religion", Text("宗教信仰", "religion"), S, 4, "", r"宗教|信仰|\b(zongjiao|zjxy|religio(n|us))\b"),
    _category("criminal_record", Text("违法犯罪记录", "criminal record"), S, 4, "",
              r"犯罪|前科|违法记录|处罚对象|\b(fanzui|qianke|criminal|convictions?)\b"),
    _category("biometric", Text("生物识别信息", "biometrics"), S, 4, "",
              r"指纹|人脸|虹膜|声纹|基因|\b(zhiwen|renlian|fingerprint|face ?(id|image|feature)|iris|dna|gene)\b"),
    _category("income", Text("收入", "income"), S, 3, "aggregate",
              r"(?<!旅游)(?<!营业)(?<!财政)(?<!预算)(?<!总)收入|工资|薪(酬|资|金)|存款|低保金|\b(gz|gongzi|xinzi|shouru|salary|wages?|income|deposit)\b", 1.1, 0.6),
    _category("marital_status", Text("婚姻状况", "marital status"), Q, 3, "group", r"婚姻|婚否|\b(hyzk|hunyin|marital( ?status)?)\b"),
    _category("occupation", Text("职业", "occupation"), Q, 2, "group filter", r"职业|工种|\b(zy|zhiye|occupation|profession|job ?title)\b"),
    _category("education", Text("学历", "education"), Q, 2, "group filter", r"学历|文化程度|\b(xl|xueli|whcd|education( ?level)?)\b"),
    _category("postcode", Text("邮政编码", "postal code"), Q, 1, "group filter", r"邮编|邮政编码|\b(yb|youbian|yzbm|post ?(al)? ?code|zip( ?code)?)\b", 1.1, 0.6),
    _category("division_code", Text("行政区划代码", "division code"), P, 1, "select",
              r"区划|行政区|(省|市|州|县|区|乡|镇|地区|上级)(级)?(代码|编码)|\b(xzqh(dm)?|quhua|qhdm|(province|prefecture|city|county|district|region|division|area|adm|parent) ?(code|id)|adcode)\b", 0.97, 0.5),
    _category("place_name", Text("地名", "place name"), P, 1, "select",
              r"省份|地市|州市|区县|乡镇|\b(province|prefecture|city|county|district|town(ship)?|region|shengfen|dishi|quxian)\b", 0.8, 0.5),
    _category("organisation", Text("组织名称", "organisation"), P, 1, "select",
              r"单位名称|企业名称|公司名称|机构名称|\b(dwmc|qymc|gsmc|jgmc|(company|organi[sz]ation|org|enterprise|hospital|school|dept|department) ?name|employer)\b", 0.6, 0.2),
)  # fmt: skip
CATEGORIES = {c.key: c for c in _ALL}
