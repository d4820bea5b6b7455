// 户台账户数 — Number of households in the register of an area on a day.
// The parameters are those of ledger_cards.
// @params areas, low, high, asOf, seq
// @returns total, eligible
MATCH (v:Village)
WHERE part(in_area) AND v.recorded <= $seq
WITH COUNT { MATCH (v)<-[l:LIVES_IN]-(:Household) WHERE holds(l) } AS households
RETURN coalesce(sum(households), 0) AS total, coalesce(sum(households), 0) AS eligible
