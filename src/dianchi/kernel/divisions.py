"""Yunnan's divisions (GB/T 2260, snapshot of November 2024): 16 prefectures, 129 counties, in code order."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType

from dianchi.kernel.codes import NATION, Level, division, division_level
from dianchi.kernel.errors import NotFound, Refusal
from dianchi.kernel.law.articles import cite
from dianchi.kernel.text import Text


@dataclass(frozen=True)
class Division:
    """One division: six-digit code, name (a county's English name is its Chinese one), level, code of its parent."""

    code: str
    name: Text
    level: Level
    parent: str


_UNKNOWN = Refusal(
    "division.not-known",
    Text("没有这个行政区划。", "There is no such division."),
    cite("GBT2260"),
    Text("请选择云南省的州市或者县区。", "Choose a prefecture or county of Yunnan."),
)

# code, name, English name of the prefecture, its counties: code and name
_YUNNAN = (
    ("530100", "昆明市", "Kunming", (
        "530102五华区", "530103盘龙区", "530111官渡区", "530112西山区", "530113东川区", "530114呈贡区",
        "530115晋宁区", "530124富民县", "530125宜良县", "530126石林彝族自治县", "530127嵩明县",
        "530128禄劝彝族苗族自治县", "530129寻甸回族彝族自治县", "530181安宁市",
    )),
    ("530300", "曲靖市", "Qujing", (
        "530302麒麟区", "530303沾益区", "530304马龙区", "530322陆良县", "530323师宗县", "530324罗平县",
        "530325富源县", "530326会泽县", "530381宣威市",
    )),
    ("530400", "玉溪市", "Yuxi", (
        "530402红塔区", "530403江川区", "530423通海县", "530424华宁县", "530425易门县", "530426峨山彝族自治县",
        "530427新平彝族傣族自治县", "530428元江哈尼族彝族傣族自治县", "530481澄江市",
    )),
    ("530500", "保山市", "Baoshan", (
        "530502隆阳区", "530521施甸县", "530523龙陵县", "530524昌宁县", "530581腾冲市",
    )),
    ("530600", "昭通市", "Zhaotong", (
        "530602昭阳区", "530621鲁甸县", "530622巧家县", "530623盐津县", "530624大关县", "530625永善县",
        "530626绥江县", "530627镇雄县", "530628彝良县", "530629威信县", "530681水富市",
    )),
    ("530700", "丽江市", "Lijiang", (
        "530702古城区", "530721玉龙纳西族自治县", "530722永胜县", "530723华坪县", "530724宁蒗彝族自治县",
    )),
    ("530800", "普洱市", "Pu'er", (
        "530802思茅区", "530821宁洱哈尼族彝族自治县", "530822墨江哈尼族自治县", "530823景东彝族自治县",
        "530824景谷傣族彝族自治县", "530825镇沅彝族哈尼族拉祜族自治县", "530826江城哈尼族彝族自治县",
        "530827孟连傣族拉祜族佤族自治县", "530828澜沧拉祜族自治县", "530829西盟佤族自治县",
    )),
    ("530900", "临沧市", "Lincang", (
        "530902临翔区", "530921凤庆县", "530922云县", "530923永德县", "530924镇康县",
        "530925双江拉祜族佤族布朗族傣族自治县", "530926耿马傣族佤族自治县", "530927沧源佤族自治县",
    )),
    ("532300", "楚雄彝族自治州", "Chuxiong", (
        "532301楚雄市", "532302禄丰市", "532322双柏县", "532323牟定县", "532324南华县", "532325姚安县",
        "532326大姚县", "532327永仁县", "532328元谋县", "532329武定县",
    )),
    ("532500", "红河哈尼族彝族自治州", "Honghe", (
        "532501个旧市", "532502开远市", "532503蒙自市", "532504弥勒市", "532523屏边苗族自治县", "532524建水县",
        "532525石屏县", "532527泸西县", "532528元阳县", "532529红河县", "532530金平苗族瑶族傣族自治县",
        "532531绿春县", "532532河口瑶族自治县",
    )),
    ("532600", "文山壮族苗族自治州", "Wenshan", (
        "532601文山市", "532622砚山县", "532623西畴县", "532624麻栗坡县", "532625马关县", "532626丘北县",
        "532627广南县", "532628富宁县",
    )),
    ("532800", "西双版纳傣族自治州", "Xishuangbanna", (
        "532801景洪市", "532822勐海县", "532823勐腊县",
    )),
    ("532900", "大理白族自治州", "Dali", (
        "532901大理市", "532922漾濞彝族自治县", "532923祥云县", "532924宾川县", "532925弥渡县",
        "532926南涧彝族自治县", "532927巍山彝族回族自治县", "532928永平县", "532929云龙县", "532930洱源县",
        "532931剑川县", "532932鹤庆县",
    )),
    ("533100", "德宏傣族景颇族自治州", "Dehong", (
        "533102瑞丽市", "533103芒市", "533122梁河县", "533123盈江县", "533124陇川县",
    )),
    ("533300", "怒江傈僳族自治州", "Nujiang", (
        "533301泸水市", "533323福贡县", "533324贡山独龙族怒族自治县", "533325兰坪白族普米族自治县",
    )),
    ("533400", "迪庆藏族自治州", "Diqing", (
        "533401香格里拉市", "533422德钦县", "533423维西傈僳族自治县",
    )),
)  # fmt: skip


def _all() -> tuple[Division, ...]:
    rows = [
        Division(NATION, Text("全国", "China"), Level.NATION, ""),
        Division(YUNNAN, Text("云南省", "Yunnan"), Level.PROVINCE, NATION),
    ]
    for code, name, english, counties in _YUNNAN:
        rows.append(Division(code, Text(name, english), Level.PREFECTURE, YUNNAN))
        rows += [Division(c[:6], Text(c[6:], c[6:]), Level.COUNTY, code) for c in counties]
    return tuple(rows)


YUNNAN = "530000"
DIVISIONS: Mapping[str, Division] = MappingProxyType({d.code: d for d in _all()})
PREFECTURES: tuple[Division, ...] = tuple(d for d in DIVISIONS.values() if d.level is Level.PREFECTURE)


def counties_of(prefecture: str) -> tuple[Division, ...]:
    """The counties of a prefecture in code order."""
    return tuple(d for d in DIVISIONS.values() if d.level is Level.COUNTY and d.parent == division(prefecture))


def find(code: str) -> Division:
    """The division of this code, in any of its written forms; NotFound beyond Yunnan and below the county."""
    found = DIVISIONS.get(division(code))
    if found is None:
        raise NotFound(_UNKNOWN)
    return found


def name_of(code: str) -> Text:
    """Its name."""
    return find(code).name


def within(code: str, ancestor: str) -> bool:
    """Whether the first is the second or lies in it; any division code of any level, known to us or not."""
    above = division(ancestor)
    width = _WIDTH[division_level(above)]
    return division(code)[:width] == above[:width]


_WIDTH = {
    Level.NATION: 0, Level.PROVINCE: 2, Level.PREFECTURE: 4, Level.COUNTY: 6, Level.TOWNSHIP: 9, Level.VILLAGE: 12,
}  # fmt: skip
