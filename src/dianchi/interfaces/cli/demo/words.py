"""What the demonstration's actors write into plans, agreements and forms."""

from __future__ import annotations

PLAN = {
    "name": "云南省公共数据资源整体授权运营实施方案",
    "feasibility": "全省一体化公共数据平台已具备汇聚、治理和安全支撑能力；文旅、应急领域需求迫切，市场空间明确，风险可控。",
    "operator_conditions": "具有法人资格，具备数据处理、技术服务和安全保障能力，信用良好，满足国家数据安全保护要求。",
    "mode": "整体授权，全省统筹，州市协同。",
    "data_scope": "民政、卫生健康、文化和旅游三个部门的资源目录，按目录载明的频率更新，质量评分不低于九成。",
    "schedule": "期限五年；平台承载开发环境与唯一出口；年度评估；退出时关闭账号、销毁数据、移交资产。",
    "products": "公共治理与公益类、产业与行业发展类产品分列清单。",
    "revenue": "授权业务单独核算；收益按协议约定的参数分配并反哺数据治理。",
    "security": "原始数据不出域，数据可用不可见；分类分级管理，最小必要，制定应急预案并演练。",
    "duties": "实施机构负责授权与监督，运营机构承担主体责任，数据提供单位保障供数质量。",
    "supervision": "动态跟踪协议履行，年度考核，结果作为续约依据。",
    "other": "本方案自审定之日起施行。",
}
ARGUMENT = {
    "service": "一体化公共数据平台负责汇聚治理，授权运营平台负责开发、流通、留痕和销毁，责任到岗。",
    "need": "文旅企业缺少分州市客流数据，公众和企业查询公共信息渠道分散。",
    "market": "按省内文旅、保险、金融三类用户测算，首年调用量约八百万次。",
    "effect": "减少重复采集，年节约社会成本约一千万元；公益查询免费。",
    "risk": "原始数据不出域，分组少于十人的结果不出；单独核算，防止垄断和财务风险。",
}
WEIGHTS = [
    {"name": "方案可行性", "weight": 30}, {"name": "平台部署可行性", "weight": 20}, {"name": "安全可控性", "weight": 25},
    {"name": "信息披露及时性", "weight": 10}, {"name": "生态引领能力", "weight": 15},
]  # fmt: skip
SHARES = [{"name": name, "weight": 25} for name in ("技术能力", "安全管理", "场景理解", "过往业绩")]
BIDS = {
    "yunying": "依托全省一体化公共数据平台开展运营，三年建成八十个产品，原始数据不出域。",
    "jingbiao1": "以文旅和金融为重点，两年建成四十个产品，平台采用租用方式。",
    "jingbiao2": "以行业模型为重点，三年建成三十个产品，安全体系参照等级保护三级。",
}
EXPERTS = ("zhuanjia1", "zhuanjia2", "zhuanjia3", "zhuanjia4", "zhuanjia5")
AGREEMENT = {
    "data_scope": "见资源目录清单。",
    "term": "自生效之日起，不超过五年。",
    "products": "产品清单及技术标准见附件，出域前须经安全审查和业务规范性审查。",
    "platform": "全省统一的授权运营平台，为唯一进出口。",
    "assets": "软硬件归投资方，产品权益依约归开发主体，原始数据权属不变。",
    "disclosure": "每年三月底前披露上年情况；运营机构不得直接或间接参与授权范围内的再开发。",
    "revenue": "成本收益单独核算，按实施方案分配。",
    "security": "落实分类分级、个人信息保护、风险监测和应急处置。",
    "evaluation": "年度绩效评价，连续两年不合格的退出。",
    "breach": "违约方承担责任，逾期不改的暂停或终止授权。",
    "disputes": "协商不成的，提交昆明仲裁委员会。",
    "termination": "法律政策调整、丧失条件、严重违约时变更或终止。",
    "other": "未尽事宜另行约定。",
}
CONTRACT = {
    "output_forms": "查询类产品，仅输出统计结果。",
    "environment": "在授权运营域内开发，账号专人专用。",
    "fees": "运营服务费不高于上限收费标准。",
    "rights": "开发主体依法享有产品经营权益。",
    "security": "落实数据安全和个人信息保护义务。",
    "prohibitions": "不得导出原始数据，不得重新识别个人，不得转让。",
    "exit": "终止时关闭账号，删除中间结果并出具证明。",
    "disputes": "协商解决，协商不成提交仲裁。",
}
EPIDEMIC_SQL = """
select p.code || '00' as prefecture_code, p.name as prefecture,
       coalesce(e.confirmed, 0) as confirmed, coalesce(e.cured, 0) as cured, coalesce(e.dead, 0) as dead,
       c.counties
from divisions p
join (select parent_code, count(*) as counties from divisions where level = 'county' group by parent_code) c
  on c.parent_code = p.code
left join (select city_code, confirmed, cured, dead from epidemic where date = $date) e on e.city_code = p.code || '00'
where p.level = 'prefecture'
order by prefecture_code
""".strip()
VISITS_SQL = """
select prefecture_code, date_trunc('month', visited_on) as month,
       count(distinct person_id) as visitors, sum(spend) as spend
from visits
where visited_on >= $since and visited_on < $until
group by 1, 2
order by 1, 2
""".strip()
ONE_PERSON_SQL = "select * from visits where person_id = '530102199001011231'"
RAW_SQL = "select person_id, spend from visits order by spend desc limit 1"
