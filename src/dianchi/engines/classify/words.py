# ruff: noqa: E501 - a table of patterns reads best one row a line
"""Words by which names, places and organisations are told apart, and a column's name as hints see it."""

from __future__ import annotations

import re

SURNAMES = (
    "王李张刘陈杨黄赵吴周徐孙马朱胡郭何林罗高郑梁谢宋唐许韩冯邓曹彭曾肖田董袁潘于蒋蔡余杜叶程苏魏吕丁任沈姚卢姜崔钟"
    "谭陆汪范金石廖贾夏韦付傅方白邹孟熊秦邱江尹薛闫段雷侯龙史陶黎贺顾毛郝龚邵万钱严覃武戴莫孔向汤岩刀普和木阿沙者"
    "常温康施文牛樊葛邢安齐易乔伍庞颜倪庄聂章鲁岳翟殷詹申欧耿关兰焦俞左柳甘祝包宁尚符舒阮柯纪梅童凌毕单季裴霍涂成"
    "苗谷曲盛冉翁蓝路游辛靳管柴蒙鲍华喻祁房滕屈饶牟艾尤时穆农司卓古吉缪简车项连芦麦褚娄窦戚岑景党宫费卜冷晏席卫"
    "米柏宗瞿桂全佟应臧闵苟邬边卞姬师仇栾隋商刁沙荣巫寇桑郎甄丛仲虞敖巩明佘池查麻苑迟邝封官谈丘奚娜依玉哦咩召帕李"
)
DOUBLE = "欧阳|司马|上官|诸葛|东方|皇甫|尉迟|公孙|慕容|令狐|夏侯|司徒|端木|百里|南宫|独孤|长孙"
PLACE = "(省|市|州|盟|县|区|旗|乡|镇|街道|村|委会|社区|自治区|自治州|自治县|行政区|地区)"
ORGANISATION = "(公司|集团|合作社|委员会|管理局|厅|局|院|中心|学校|大学|中学|小学|幼儿园|医院|卫生院|银行|酒店|宾馆|协会|基金会|事务所|工厂|经营部|商店|超市|分行|支行|政府|办公室|派出所|研究所|景区)"
ETHNIC = (
    "汉|蒙古|回|藏|维吾尔|苗|彝|壮|布依|朝鲜|满|侗|瑶|白|土家|哈尼|哈萨克|傣|黎|傈僳|佤|畲|高山|拉祜|水|东乡|纳西|景颇"
    "|柯尔克孜|土|达斡尔|仫佬|羌|布朗|撒拉|毛南|仡佬|锡伯|阿昌|普米|塔吉克|怒|乌孜别克|俄罗斯|鄂温克|德昂|保安|裕固|京"
    "|塔塔尔|独龙|鄂伦春|赫哲|门巴|珞巴|基诺"
)
# What looks like a name of two or three signs and is none.
NOT_NAMES = "高|中|低|优|良|差|是|否|有|无|男|女|未知|其他|正常|异常|已完成|未完成|高级|中级|初级|普通|白色|黄色|金色|黑色|红色|安全|严重|一般|和平|明确|常规|全部|成功|时间|关闭|文件|管理|路线"

_CAMEL = re.compile(r"(?<=[a-z0-9])(?=[A-Z])|(?<=[A-Z])(?=[A-Z][a-z])")


def spoken(name: str) -> str:
    """The name as hints see it: idCardNo, id_card_no and ID-CARD-NO are all "id card no"."""
    return " ".join(re.sub(r"[^0-9a-z\u4e00-\u9fff]+", " ", _CAMEL.sub(" ", name).lower()).split())
