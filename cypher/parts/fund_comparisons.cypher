// 资金及无所在区划资产的对账 — Comparisons of funds, and of assets without an area.
// Rows: kind, key, fund, asset, expected, actual (fen), broken (whether they differ), documents (vouchers). Funds are
// included if they are managed in the requested areas, or if their money went there (see the part area_funds); for a
// whole province, all funds.
// ALLOCATED_EXCEEDS_FUND: money that left the fund against its amount. UNSPENT: the reverse. Neither applies to a fund
// of a later year.
// CORRECTION_UNFOUNDED: all corrections of a voucher together against the amount that the voucher paid to the same
// recipient, or corrections of a voucher that does not exist; the key is fund and correcting voucher. Each of these is
// a row with all corrections of its voucher.
// ASSET_PLACE_MISSING: for a whole province, its assets against those without an area.
// Needs $kinds, $onlyYear (null for all), $everywhere (a whole province), $areas, $low, $high, $asOf, $seq.
CALL () {
  part(area_funds)
  CALL (f) {
    WITH f
    MATCH (f)<-[:OF]-(s:FundState)
    WHERE known(s) AND s.amount IS NOT NULL AND coalesce(s.year, 0) * 10000 <= $asOf
      AND ($onlyYear IS NULL OR s.year = $onlyYear) AND ('ALLOCATED_EXCEEDS_FUND' IN $kinds OR 'UNSPENT' IN $kinds)
    WITH f, s.amount AS expected
    WITH f, expected,
      coalesce(head(COLLECT {
        MATCH (f)-[t:TRANSFERRED|ALLOCATED|GRANTED|DISBURSED|INVESTED|LENT]->() WHERE holds(t)
        RETURN sum(t.amount) }), 0) -
      coalesce(head(COLLECT { MATCH (f)<-[t:REPAID]-() WHERE holds(t) RETURN sum(t.amount) }), 0) +
      coalesce(head(COLLECT { MATCH (f)-[t:PAYS]->(m:Measure)<-[:OF]-(s:MeasureState)
        WHERE known(t) AND known(s) AND s.amount IS NOT NULL AND coalesce(s.starts_on, $asOf) <= $asOf
        AND NOT EXISTS { MATCH (m)<-[u:PAYS]-(o:Fund) WHERE known(u) AND o <> f } RETURN sum(s.amount) }), 0) AS actual
    UNWIND [kind IN ['ALLOCATED_EXCEEDS_FUND', 'UNSPENT'] WHERE kind IN $kinds] AS kind
    WITH f, kind, expected, actual, CASE kind WHEN 'UNSPENT' THEN actual < expected ELSE actual > expected END AS broken
    RETURN kind, f.fund_no AS key, expected, actual, broken, CASE WHEN broken THEN
      COLLECT { MATCH (f)-[t:TRANSFERRED|ALLOCATED|GRANTED|DISBURSED|INVESTED|LENT]->()
        WHERE holds(t) AND t.voucher IS NOT NULL RETURN DISTINCT t.voucher ORDER BY t.voucher } +
      COLLECT { MATCH (f)<-[t:REPAID]-() WHERE holds(t) AND t.voucher IS NOT NULL RETURN DISTINCT t.voucher
        ORDER BY t.voucher } ELSE [] END AS documents
  UNION ALL
    WITH f
    MATCH (f)-[t:TRANSFERRED|ALLOCATED|GRANTED|DISBURSED|INVESTED|LENT]->(x)
    WHERE 'CORRECTION_UNFOUNDED' IN $kinds AND holds(t) AND t.corrects IS NOT NULL
      AND ($onlyYear IS NULL OR t.since / 10000 = $onlyYear)
    WITH DISTINCT f, x, t.voucher AS voucher, t.corrects AS corrects
    WITH f, voucher,
      head(COLLECT {
        MATCH (f)-[o:TRANSFERRED|ALLOCATED|GRANTED|DISBURSED|INVESTED|LENT]->(x)
        WHERE holds(o) AND o.voucher = corrects
        RETURN CASE WHEN count(o) > 0 THEN sum(o.amount) END }) AS paid,
      head(COLLECT {
        MATCH (f)-[o:TRANSFERRED|ALLOCATED|GRANTED|DISBURSED|INVESTED|LENT]->(x)
        WHERE holds(o) AND o.corrects = corrects
        RETURN sum(o.amount) }) AS taken
    WITH f, voucher, sum(paid) AS paid, sum(taken) AS taken,
      max(CASE WHEN paid IS NULL OR paid + taken < 0 THEN 1 ELSE 0 END) AS excess
    RETURN 'CORRECTION_UNFOUNDED' AS kind, f.fund_no + '/' + voucher AS key, -paid AS expected, taken AS actual,
      excess = 1 AS broken, [voucher] AS documents
  }
  RETURN kind, key, f.fund_no AS fund, null AS asset, expected, actual, broken, documents
UNION ALL
  UNWIND CASE WHEN $everywhere THEN [1] ELSE [] END AS pass
  MATCH (s:Asset)
  WHERE $onlyYear IS NULL AND 'ASSET_PLACE_MISSING' IN $kinds AND s.recorded <= $seq
  RETURN 'ASSET_PLACE_MISSING' AS kind, s.asset_no AS key, null AS fund, s.asset_no AS asset, null AS expected,
    null AS actual, NOT EXISTS { MATCH (s)-[l:LOCATED_IN]->(:Area) WHERE known(l) } AS broken, [] AS documents
}
