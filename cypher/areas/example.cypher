// 示例参数 — A county and a fund that there is something to ask about.
// @params
// @returns county, fund
MATCH (h:Household)
WITH min(h.card_no) AS card_no
MATCH (:Household {card_no: card_no})-[:LIVES_IN]->(v:Village)
WITH min(v.code) AS village
RETURN substring(village, 0, 6) AS county, head(COLLECT { MATCH (f:Fund) RETURN f.fund_no ORDER BY f.fund_no LIMIT 1 }) AS fund
