// 资金报告 — Money that came into a fund and left it until a day, by relationship, and locations of beneficiaries.
// A row has kind, key and figures.
// IN, OUT: key is the relationship; figures are [sum, vouchers, corrections, number of sources or targets]. PAYS has
// the amounts of measures for which this fund alone pays. REPAID is incoming.
// PLACE: key is that of a household, person or village; figures are [code of the village].
// year: only vouchers of this year; null for all. households, persons, villages: keys of the beneficiaries to locate.
// @params fund, year, households, persons, villages, asOf, seq
// @returns kind, key, figures
CALL () {
  MATCH (f:Fund {fund_no: $fund})-[t:TRANSFERRED|ALLOCATED|GRANTED|DISBURSED|INVESTED|LENT]->(n)
  WHERE holds(t) AND ($year IS NULL OR t.since / 10000 = $year)
  WITH type(t) AS key, sum(t.amount) AS amount, count(t) AS vouchers, count(t.corrects) AS corrections,
    count(DISTINCT n) AS ends
  RETURN 'OUT' AS kind, key, [amount, vouchers, corrections, ends] AS figures
UNION ALL
  MATCH (f:Fund {fund_no: $fund})-[t:PAYS]->(m:Measure)<-[:OF]-(s:MeasureState)
  WHERE known(t) AND known(s) AND coalesce(s.starts_on, $asOf) <= $asOf
    AND ($year IS NULL OR coalesce(s.starts_on, t.since) / 10000 = $year) AND NOT EXISTS {
    MATCH (m)<-[u:PAYS]-(o:Fund) WHERE known(u) AND o.fund_no <> $fund }
  WITH 'PAYS' AS key, sum(s.amount) AS amount, count(m) AS measures
  WHERE measures > 0
  RETURN 'OUT' AS kind, key, [amount, measures, 0, measures] AS figures
UNION ALL
  MATCH (f:Fund {fund_no: $fund})<-[t:TRANSFERRED|REPAID]-(n)
  WHERE holds(t) AND ($year IS NULL OR t.since / 10000 = $year)
  WITH type(t) AS key, sum(t.amount) AS amount, count(t) AS vouchers, count(t.corrects) AS corrections,
    count(DISTINCT n) AS ends
  RETURN 'IN' AS kind, key, [amount, vouchers, corrections, ends] AS figures
UNION ALL
  UNWIND $households AS card
  MATCH (h:Household {card_no: card})-[l:LIVES_IN]->(v:Village)
  WHERE holds(l)
  RETURN 'PLACE' AS kind, card AS key, [v.code] AS figures
UNION ALL
  UNWIND $persons AS number
  MATCH (p:Person {person_no: number})-[m:MEMBER_OF]->(:Household)-[l:LIVES_IN]->(v:Village)
  WHERE holds(m) AND holds(l)
  RETURN 'PLACE' AS kind, number AS key, [v.code] AS figures
UNION ALL
  UNWIND $villages AS code
  RETURN 'PLACE' AS kind, code AS key, [code] AS figures
}
RETURN kind, key, figures
ORDER BY kind, key
