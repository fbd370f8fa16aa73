"""Words for what a data item may be used for: uses, categories, aggregates and masks that the engines know by name."""

from dianchi.kernel.text import Text

Choices = tuple[tuple[str, Text], ...]

USE_LABELS: Choices = (
    ("select", Text("原样输出", "Show as it is")), ("mask", Text("遮蔽输出", "Show masked")),
    ("compare", Text("逐行比较", "Compare row by row")), ("group", Text("分组", "Group by")),
    ("aggregate", Text("聚合统计", "Aggregate")), ("filter", Text("筛选", "Filter")),
    ("join", Text("关联", "Join")), ("rank", Text("排序", "Rank")),
)  # fmt: skip
CATEGORY_LABELS: Choices = (
    ("plain", Text("普通数据项", "Plain")),
    ("identifier", Text("标识", "Identifier")),
    ("direct-identifier", Text("直接标识", "Direct identifier")),
    ("quasi-identifier", Text("间接标识", "Quasi-identifier")),
    ("sensitive", Text("敏感个人信息", "Sensitive")),
    ("citizen_id", Text("公民身份号码", "Citizen identity number")), ("passport", Text("护照号码", "Passport number")),
    ("bank_card", Text("银行账号", "Bank account")), ("medical_record", Text("病案号", "Medical record number")),
    ("social_security", Text("社会保障号码", "Social security number")), ("phone", Text("手机号码", "Mobile number")),
    ("landline", Text("固定电话", "Telephone")), ("email", Text("电子邮箱", "E-mail address")),
    ("plate", Text("机动车号牌", "Number plate")), ("person_name", Text("姓名", "Name of a person")),
    ("uscc", Text("统一社会信用代码", "Unified social credit code")), ("address", Text("详细住址", "Address")),
    ("longitude", Text("经度", "Longitude")), ("latitude", Text("纬度", "Latitude")), ("coordinates", Text("经纬度", "Coordinates")),
    ("birth_date", Text("出生日期", "Date of birth")), ("age", Text("年龄", "Age")), ("sex", Text("性别", "Sex")),
    ("ethnicity", Text("民族", "Ethnicity")), ("health", Text("健康状况", "Health")), ("religion", Text("宗教信仰", "Religion")),
    ("criminal_record", Text("违法犯罪记录", "Criminal record")), ("biometric", Text("生物识别信息", "Biometrics")),
    ("income", Text("收入", "Income")), ("marital_status", Text("婚姻状况", "Marital status")),
    ("occupation", Text("职业", "Occupation")), ("education", Text("学历", "Education")), ("postcode", Text("邮政编码", "Postcode")),
    ("division_code", Text("行政区划代码", "Division code")), ("place_name", Text("地名", "Place")),
    ("organisation", Text("组织名称", "Name of an organisation")),
)  # fmt: skip
AGGREGATE_LABELS: Choices = (
    ("count", Text("计数", "Count")), ("count_if", Text("条件计数", "Count if")), ("sum", Text("求和", "Sum")),
    ("avg", Text("平均", "Mean")), ("min", Text("最小值", "Minimum")), ("max", Text("最大值", "Maximum")),
    ("median", Text("中位数", "Median")), ("quantile_cont", Text("分位数（连续）", "Quantile, continuous")),
    ("quantile_disc", Text("分位数（离散）", "Quantile, discrete")), ("stddev", Text("标准差", "Standard deviation")),
    ("stddev_samp", Text("样本标准差", "Standard deviation of a sample")),
    ("stddev_pop", Text("总体标准差", "Standard deviation of a population")),
    ("var_samp", Text("样本方差", "Variance of a sample")), ("var_pop", Text("总体方差", "Variance of a population")),
    ("corr", Text("相关系数", "Correlation")), ("bool_and", Text("全部为真", "All true")), ("bool_or", Text("任一为真", "Any true")),
    ("any_value", Text("任取一值", "Any value")), ("mode", Text("众数", "Mode")), ("string_agg", Text("文本拼接", "Joined text")),
    ("arg_min", Text("最小值所在行", "At the minimum")), ("arg_max", Text("最大值所在行", "At the maximum")),
    ("first", Text("首值", "First")), ("last", Text("末值", "Last")), ("list", Text("列出各值", "List of values")),
    ("quantile", Text("分位数", "Quantile")), ("skewness", Text("偏度", "Skewness")), ("kurtosis", Text("峰度", "Kurtosis")),
    ("covar_pop", Text("总体协方差", "Covariance of a population")), ("covar_samp", Text("样本协方差", "Covariance of a sample")),
    ("regr_slope", Text("回归斜率", "Slope of the regression")), ("regr_intercept", Text("回归截距", "Intercept of the regression")),
    ("regr_count", Text("回归样本数", "Pairs of the regression")),
    ("regr_avgx", Text("回归自变量均值", "Mean of the regression's cause")), ("regr_avgy", Text("回归因变量均值", "Mean of the regression's effect")),
    ("regr_sxx", Text("回归自变量平方和", "Squares of the regression's cause")), ("regr_syy", Text("回归因变量平方和", "Squares of the regression's effect")),
    ("regr_sxy", Text("回归乘积和", "Products of the regression")),
    ("regr_r2", Text("回归拟合优度", "Fit of the regression")), ("bit_and", Text("按位与", "Bitwise and")),
    ("bit_or", Text("按位或", "Bitwise or")), ("bit_xor", Text("按位异或", "Bitwise exclusive or")),
)  # fmt: skip
MASK_LABELS: Choices = (
    ("surname", Text("只留姓氏", "Family name only")), ("id_number", Text("证件号留前三后二", "Identity number, first 3 and last 2")),
    ("phone", Text("手机号留前三后四", "Telephone, first 3 and last 4")), ("plate", Text("车牌留前二后一", "Number plate, first 2 and last 1")),
    ("bank_card", Text("银行卡留后四", "Bank card, last 4")), ("county", Text("地址只到区县", "Address to the county")),
    ("division", Text("区划只到区县", "Division code to the county")), ("birth_year", Text("生日只留年份", "Year of birth only")),
    ("month", Text("日期只到月", "Date to the month")), ("email", Text("邮箱只留域名", "E-mail, domain only")),
    ("hidden", Text("全部隐去", "Hidden altogether")), ("null", Text("置空", "Nothing at all")),
)  # fmt: skip
