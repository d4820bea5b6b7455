// 示例参数 — A county and a fund that there is something to ask about; whichever comes first.
// @params
// @returns county, fund
MATCH (:Household)-[:LIVES_IN]->(v:Village)
WITH v LIMIT 1
RETURN substring(v.code, 0, 6) AS county, head(COLLECT { MATCH (f:Fund) RETURN f.fund_no ORDER BY f.fund_no LIMIT 1 }) AS fund
