// 持股人与领款人检查 — Holders of preferred shares after exit, and recipients of dividends without shares (DOMAIN §7).
// They are households, persons and villages of the areas; the asset can be in any area. The recipients held no shares
// on the record date of the dividend.
// grace: a household that exited before this day should have given up its preferred shares.
// @params low, high, asOf, seq, kinds, grace
// @returns check, label, subject, key, expected, actual, shares
MATCH (v:Area)
WHERE v.code >= $low AND v.code < $high AND v.recorded <= $seq
CALL (v) {
  WITH v
  MATCH (v)<-[l:LIVES_IN]-(h:Household)-[o:HOLDS]->(s:Asset)
  WHERE 'PREFERRED_HELD_AFTER_EXIT' IN $kinds AND known(l) AND holds(o) AND o.kind = 'PREFERRED' AND EXISTS {
    MATCH (s)-[w:LOCATED_IN]->(:Area) WHERE known(w) }
  WITH h, s, sum(o.shares) AS actual
  WHERE part(preferred_after_exit)
  RETURN 'PREFERRED_HELD_AFTER_EXIT' AS kind, 'Household' AS label, h.card_no AS subject,
    s.asset_no + '/' + h.card_no AS key, actual
UNION ALL
  WITH v
  MATCH (v)<-[l:LIVES_IN]-(h:Household)<-[p:PAID]-(d:Distribution)
  WHERE 'PAID_TO_NON_HOLDER' IN $kinds AND known(l) AND holds(p)
  WITH 'Household' AS label, h, d, sum(p.amount) AS actual
  part(paid_without_shares)
  RETURN 'PAID_TO_NON_HOLDER' AS kind, label, part(holder_key) AS subject,
    d.distribution_no + '/' + part(holder_key) AS key, actual
UNION ALL
  WITH v
  MATCH (v)<-[l:LIVES_IN]-(:Household)<-[m:MEMBER_OF]-(h:Person)<-[p:PAID]-(d:Distribution)
  WHERE 'PAID_TO_NON_HOLDER' IN $kinds AND known(l) AND known(m) AND holds(p)
  WITH 'Person' AS label, h, d, p WITH DISTINCT label, h, d, p
  WITH label, h, d, sum(p.amount) AS actual
  part(paid_without_shares)
  RETURN 'PAID_TO_NON_HOLDER' AS kind, label, part(holder_key) AS subject,
    d.distribution_no + '/' + part(holder_key) AS key, actual
UNION ALL
  WITH v
  MATCH (v)<-[p:PAID]-(d:Distribution)
  WHERE 'PAID_TO_NON_HOLDER' IN $kinds AND holds(p)
  WITH 'Area' AS label, v AS h, d, sum(p.amount) AS actual
  part(paid_without_shares)
  RETURN 'PAID_TO_NON_HOLDER' AS kind, label, part(holder_key) AS subject,
    d.distribution_no + '/' + part(holder_key) AS key, actual
}
RETURN kind AS check, label, subject, key, 0 AS expected, actual, part(is_share_comparison) AS shares
ORDER BY check, key
