// 示例参数 — A county, a fund and a household for the example queries.
// They are taken from the first village with households; the household is its first one.
// @params
// @returns county, fund, card
MATCH (v:Village)
WHERE v.code >= '' AND EXISTS { MATCH (v)<-[:LIVES_IN]-(:Household) }
WITH v ORDER BY v.code LIMIT 1
RETURN substring(v.code, 0, 6) AS county,
  head(COLLECT { MATCH (f:Fund) RETURN f.fund_no ORDER BY f.fund_no LIMIT 1 }) AS fund,
  head(COLLECT { MATCH (v)<-[:LIVES_IN]-(h:Household) RETURN h.card_no ORDER BY h.card_no LIMIT 1 }) AS card
