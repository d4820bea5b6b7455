// 资金与无位置对象对账 — What lies in no area and is held against something: kind, key, fund, asset, expected, found (fen), whether it is a break, its vouchers.
// Funds that are managed in the areas asked for, or whose money went to projects, operators or households there, each against its amount; of a whole
// province all. ALLOCATED_EXCEEDS_FUND: what left it against its amount; UNSPENT: the reverse; of a fund of a later year neither.
// CORRECTION_UNFOUNDED: what corrections take back, all of one voucher together, against what that voucher gave to the
// same, or there is no such voucher; fund and voucher tell it apart.
// ASSET_PLACE_MISSING: of a whole province its assets, of which some lie nowhere.
// Needs $kinds, $onlyYear (null: all), $everywhere (a whole province), $areas, $low, $high, $asOf, $seq.
CALL () {
  part(funds_there)
  CALL (f) {
    WITH f
    MATCH (f)<-[:OF]-(s:FundState)
    WHERE known(s) AND s.amount IS NOT NULL AND coalesce(s.year, 0) * 10000 <= $asOf AND ($onlyYear IS NULL OR s.year = $onlyYear) AND ('ALLOCATED_EXCEEDS_FUND' IN $kinds OR 'UNSPENT' IN $kinds)
    WITH f, f AS g, s.amount AS expected
    WITH f, expected, part(pot_spent) AS found
    UNWIND [kind IN ['ALLOCATED_EXCEEDS_FUND', 'UNSPENT'] WHERE kind IN $kinds] AS kind
    WITH f, kind, expected, found, CASE kind WHEN 'UNSPENT' THEN found < expected ELSE found > expected END AS broken
    RETURN kind, f.fund_no AS key, expected, found, broken, CASE WHEN broken THEN
      COLLECT { MATCH (f)-[t:TRANSFERRED|ALLOCATED|GRANTED|DISBURSED|INVESTED|LENT]->() WHERE holds(t) AND t.voucher IS NOT NULL RETURN DISTINCT t.voucher ORDER BY t.voucher } +
      COLLECT { MATCH (f)<-[t:REPAID]-() WHERE holds(t) AND t.voucher IS NOT NULL RETURN DISTINCT t.voucher ORDER BY t.voucher } ELSE [] END AS documents
  UNION ALL
    WITH f
    MATCH (f)-[t:TRANSFERRED|ALLOCATED|GRANTED|DISBURSED|INVESTED|LENT]->(x)
    WHERE 'CORRECTION_UNFOUNDED' IN $kinds AND holds(t) AND t.corrects IS NOT NULL AND ($onlyYear IS NULL OR t.since / 10000 = $onlyYear)
    WITH f, t.voucher AS voucher,
      head(COLLECT {
        MATCH (f)-[o:TRANSFERRED|ALLOCATED|GRANTED|DISBURSED|INVESTED|LENT]->(x)
        WHERE holds(o) AND o.voucher = t.corrects
        RETURN CASE WHEN count(o) > 0 THEN sum(o.amount) END }) AS given,
      head(COLLECT {
        MATCH (f)-[o:TRANSFERRED|ALLOCATED|GRANTED|DISBURSED|INVESTED|LENT]->(x)
        WHERE holds(o) AND o.corrects = t.corrects
        RETURN sum(o.amount) }) AS taken
    WITH f, voucher, sum(given) AS given, sum(taken) AS taken,
      max(CASE WHEN given IS NULL OR given + taken < 0 THEN 1 ELSE 0 END) AS more
    RETURN 'CORRECTION_UNFOUNDED' AS kind, f.fund_no + '/' + voucher AS key, -given AS expected, taken AS found, more = 1 AS broken, [voucher] AS documents
  }
  RETURN kind, key, f.fund_no AS fund, null AS asset, expected, found, broken, documents
UNION ALL
  UNWIND CASE WHEN $everywhere THEN [1] ELSE [] END AS every
  MATCH (s:Asset)
  WHERE $onlyYear IS NULL AND 'ASSET_PLACE_MISSING' IN $kinds AND s.recorded <= $seq
  RETURN 'ASSET_PLACE_MISSING' AS kind, s.asset_no AS key, null AS fund, s.asset_no AS asset, null AS expected, null AS found, NOT EXISTS { MATCH (s)-[l:LOCATED_IN]->(:Area) WHERE known(l) } AS broken, [] AS documents
}
