"""Every refusal of the rules, declared once."""

from __future__ import annotations

from dianchi.engines.guard.refusals import Says
from dianchi.kernel.text import Text

ROW_COLUMN = Says(
    "result.column-protected",
    Text("列 {column} 不得逐行出现在结果中。", "The column {column} may not appear row by row in the result."),
    Text(
        "请改为按人数达标的分组汇总，或为 {column} 申请 select 用法。",
        "Aggregate it in groups above the threshold, or ask for use `select` on {column}.",
    ),
)
ROW_TAINT = Says(
    "result.rows-decided",
    Text("列 {column} 可以决定分组，不可以决定逐行结果中有哪些行。", "{column} may decide groups, not rows."),
    Text(
        "请在该条件之上做分组汇总，或去掉该条件。",
        "Aggregate above this condition, or drop it, or ask for use `compare` or `select` on {column}.",
    ),
)
ORDERED = Says(
    "order.column-protected",
    Text("不得按 {column} 对逐行结果排序。", "Row-level results may not be sorted by {column}."),
    Text("请去掉该排序，或按分组汇总值排序。", "Drop the sort, or sort by an aggregate above the threshold."),
)
FILTERED = Says(
    "filter.not-allowed",
    Text("列 {column} 不得用于条件。", "The column {column} may not stand in a condition."),
    Text("请去掉该条件，或为 {column} 申请 filter 用法。", "Drop the condition, or ask for use `filter` on {column}."),
)
JOINED = Says(
    "join.not-allowed",
    Text("列 {column} 不得作为联接键。", "The column {column} may not be the key of a join."),
    Text(
        "请换用可联接的列，或为 {column} 申请 join 用法。", "Join on another column, or ask for use `join` on {column}."
    ),
)
JOIN_SHAPE = Says(
    "join.no-equality",
    Text("受保护的表之间只能等值联接。", "Protected tables may only be joined by equality."),
    Text("请写明两侧键相等的 ON 条件。", "Give an ON condition that equates a key of either side."),
)
KEYED = Says(
    "group.not-allowed",
    Text("列 {column} 不得作为分组键。", "The column {column} may not be the key of a group."),
    Text(
        "请换一个分组键，或为 {column} 申请 group 用法。",
        "Group by another column, or ask for use `group` on {column}.",
    ),
)
KEY_FORM = Says(
    "group.not-a-coarsening",
    Text(
        "分组键须是一列本身，或它的截取、取整、日期截断、分段。",
        "A key must be one column, or its prefix, integer division, date truncation or bucket list.",
    ),
    Text(
        "请按年份分组而不是按日期，或写成 age // 10 * 10、left(code, 4) 等形式；多列请分别作为键。",
        "Write it like year(d), age // 10 * 10 or left(code, 4); several columns are keys of their own.",
    ),
)
AGGREGATED = Says(
    "aggregate.not-listed",
    Text("列 {column} 未允许用于 {function}。", "{function} is not listed for {column}."),
    Text(
        "请改用已允许的汇总函数，或为 {column} 申请 aggregate 用法（{function}）。",
        "Use an aggregate that is listed, or ask for use `aggregate` ({function}) on {column}.",
    ),
)
AGGREGATE_KIND = Says(
    "aggregate.reveals",
    Text(
        "函数 {function} 会返回或编码单行的值，不得用于受保护的行。",
        "{function} returns or encodes single values and is refused over protected rows.",
    ),
    Text("请改用 count、sum 或 avg。", "Use count, sum or avg."),
)
ARGUMENT = Says(
    "aggregate.argument-form",
    Text("汇总的参数不能这样写。", "An argument may not be written like this."),
    Text(
        "参数可为一列、与常数的加减乘除、各列的和差积，或 CASE WHEN 条件 THEN 列 ELSE 0 END。",
        "Use a column, + − × ÷ with constants, sums, differences and products of columns, or CASE WHEN … THEN column ELSE 0 END.",
    ),
)
BOOLEAN = Says(
    "aggregate.boolean-as-number",
    Text("不得把条件当作数值计算。", "A condition may not be used as a number."),
    Text(
        "请改用 FILTER (WHERE …) 或 CASE WHEN … THEN … ELSE 0 END。",
        "Use FILTER (WHERE …) or CASE WHEN … THEN … ELSE 0 END.",
    ),
)
CONSTANT = Says(
    "aggregate.constant",
    Text("汇总参数中的常数过大或过小。", "A constant in an argument is too large or too small."),
    Text(
        "请使用 0.000001 至 1000000 之间的常数，可在汇总之后再换算。",
        "Use constants between 0.000001 and 1000000; scale the aggregate afterwards.",
    ),
)
CONDITIONS = Says(
    "aggregate.conditions",
    Text("同一分组中互相重叠的条件过多。", "Too many overlapping conditions in one group."),
    Text("请按这些条件分组，或分成几次查询。", "Group by them instead, or ask in several queries."),
)
MIXED = Says(
    "rows.mixed",
    Text(
        "分组之下不得混合不同主体的行（{form}）。",
        "Below a group, rows of different subjects may not be mixed ({form}).",
    ),
    Text("请在分组之上再使用，或按主体分区。", "Use it above the group, or partition by the subject."),
)
WINDOW = Says(
    "window.not-by-subject",
    Text("受保护的行上的窗口须按主体分区。", "A window over protected rows must be partitioned by the subject."),
    Text("请加 PARTITION BY 主体列，或先分组再开窗。", "Partition it by the subject column, or group first."),
)
RANKED = Says(
    "window.not-ranked",
    Text("列 {column} 不得用于窗口排序或窗口计算。", "The column {column} may not order or feed a window."),
    Text("请为 {column} 申请 rank 用法。", "Ask for use `rank` on {column}."),
)
SCALAR = Says(
    "subquery.protected-rows",
    Text("子查询不得逐行取出受保护的行。", "A subquery may not take single protected rows."),
    Text("请在子查询内做分组汇总。", "Aggregate inside the subquery."),
)
SEMI = Says(
    "subquery.not-by-subject",
    Text(
        "对受保护表的 EXISTS 或 IN 只能按主体相等关联。",
        "EXISTS and IN on a protected table must be correlated by equality of the subject.",
    ),
    Text(
        "请写 IN (SELECT 主体列 …) 或在 WHERE 中令两侧主体列相等。",
        "Write subject IN (SELECT subject …), or equate the subjects in its WHERE.",
    ),
)
CORRELATED = Says(
    "subquery.correlated",
    Text(
        "子查询引用了外层受保护的列 {column}。",
        "The subquery refers to the protected column {column} of the query around it.",
    ),
    Text("请改写为联接后分组。", "Write it as a join and a group."),
)
NOT_GROUPED = Says(
    "group.column-missing",
    Text("列须出现在 GROUP BY 中或被汇总。", "The column must stand in GROUP BY or be aggregated."),
    Text("请把它加入 GROUP BY。", "Add it to GROUP BY."),
)
UNION_SUBJECTS = Says(
    "union.subjects",
    Text("两侧的主体不一致，不能合并。", "The subjects of the two sides do not agree."),
    Text("请分别分组后再合并。", "Group either side first."),
)
SETS = Says(
    "group.sets",
    Text("受保护的行上不支持这种分组集。", "These grouping sets are not supported over protected rows."),
    Text("请用 ROLLUP，或分别查询。", "Use ROLLUP, or ask separately."),
)
OWN_PROBE = Says(
    "join.own-probe",
    Text("自有表只能以内联接与受保护的表等值联接。", "An own table may only be joined to a protected one by equality."),
    Text("请写成 JOIN … ON 键相等。", "Write JOIN … ON equal keys."),
)
JOIN_WEIGHS = Says(
    "join.multiplies",
    Text(
        "该表与受保护的行不是等值联接，可能使行按任意权重重复。",
        "Joined otherwise than by equality, this table could repeat protected rows by weights of choice.",
    ),
    Text(
        "请改为等值联接，或把该表的一列作为分组键。", "Join by equality, or make one of its columns a key of the group."
    ),
)
ARGUMENT_QUERY = Says(
    "function.subquery",
    Text(
        "受保护的行上，该函数的参数不得是子查询。",
        "Over protected rows this function takes no subquery as an argument.",
    ),
    Text("请先在 WITH 中算出该值并联接。", "Compute the value in a WITH query and join it."),
)
FREE_WEIGHT = Says(
    "aggregate.looked-up-value",
    Text(
        "由联接键查得的值是该键的函数，不得与受保护的行一起汇总。",
        "A value looked up by a key is a function of that key and may not be aggregated with protected rows.",
    ),
    Text(
        "请按该表的列分组，在分组之上再乘以该值。", "Group by the columns of that table and multiply above the group."
    ),
)
LATERAL = Says(
    "join.lateral",
    Text("LATERAL 子查询不得涉及受保护的行。", "A LATERAL query may not touch protected rows."),
    Text("请改写为先分组的子查询，再等值联接。", "Write it as a grouped subquery joined by equality."),
)
RECURSIVE = Says(
    "with.recursive",
    Text("递归查询只能用于可见的行。", "A recursive query may only read visible rows."),
    Text("请在递归之前或之后分组汇总受保护的行。", "Aggregate protected rows in a query of its own."),
)
