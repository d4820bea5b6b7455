// 所得 — Shares, grants, loans and paid measures of a household, person, village or operator on a day.
// A row has kind, key and facts. The kind is the label of the node through which the money comes; a row with kind ''
// shows that the requested node exists: [whether it is outside the scope].
// Asset: [holders of the asset by their shares, certificates, dividends]. Fund, Bank: vouchers, repayments being
// negative. Person: [fund, vouchers] for each fund. Measure: [amount, paying funds with [voucher, date, payee], number
// of recipients].
// label, key: the requested node. year: year of the dividends to return; null for all. scope: ranges that the user may
// see; null for all.
// @params label, key, year, scope, asOf, seq
// @returns kind, key, facts
CALL () {
  MATCH (h:Household {card_no: $key})
  WHERE $label = 'Household'
  RETURN h
UNION
  MATCH (h:Person {person_no: $key})
  WHERE $label = 'Person'
  RETURN h
UNION
  MATCH (h:Village {code: $key})
  WHERE $label = 'Village'
  RETURN h
UNION
  MATCH (h:Enterprise {uscc: $key})
  WHERE $label IN ['Enterprise', 'Operator']
  RETURN h
UNION
  MATCH (h:Cooperative {uscc: $key})
  WHERE $label IN ['Cooperative', 'Operator']
  RETURN h
}
WITH h AS beneficiary
WHERE beneficiary.recorded <= $seq
CALL (beneficiary) {
  WITH beneficiary AS h
  RETURN '' AS kind, $key AS key, [part(holder_out_of_scope)] AS facts
UNION ALL
  WITH beneficiary AS h
  MATCH (h)-[o:HOLDS]->(s:Asset)
  WHERE holds(o)
  WITH h, s, collect([o.certificate, o.kind, o.shares, o.total_shares, o.since]) AS certificates
  RETURN 'Asset' AS kind, s.asset_no AS key, [part(share_groups), certificates, part(dividend_payments)] AS facts
UNION ALL
  WITH beneficiary AS h
  MATCH (h)<-[t:GRANTED|LENT]-(g)
  WHERE holds(t) AND $label = 'Household'
  WITH DISTINCT h, g
  RETURN head(labels(g)) AS kind, coalesce(g.fund_no, g.bank_no) AS key,
    part(granted_household) + part(lent_household) AS facts
UNION ALL
  WITH beneficiary AS h
  MATCH (h)<-[t:DISBURSED]-(g)
  WHERE holds(t) AND $label IN ['Person', 'Village']
  WITH DISTINCT h, g
  RETURN 'Fund' AS kind, g.fund_no AS key, part(disbursed) AS facts
UNION ALL
  WITH beneficiary
  MATCH (beneficiary)<-[member:MEMBER_OF]-(h:Person)<-[t:DISBURSED]-(g:Fund)
  WHERE holds(member) AND holds(t) AND $label = 'Household'
  WITH DISTINCT beneficiary, h, g
  WITH h, g, beneficiary WHERE part(household_of) = beneficiary.card_no
  WITH h, collect([g.fund_no, part(disbursed)]) AS facts
  RETURN 'Person' AS kind, h.person_no AS key, facts
UNION ALL
  WITH beneficiary AS h
  MATCH (h)-[r:RECEIVES]->(m:Measure)<-[p:PAYS]-(:Fund)
  WHERE known(r) AND known(p) AND part(measure_begun)
  WITH DISTINCT h, m
  WITH h, m, COLLECT { MATCH (m)<-[q:RECEIVES]-(o:Household) WHERE known(q) RETURN o.card_no } AS households
  WHERE h.person_no IS NULL OR size(households) = 0
  RETURN 'Measure' AS kind, m.measure_no AS key, [
    head(COLLECT { MATCH (m)<-[:OF]-(s:MeasureState) WHERE known(s) RETURN s.amount }),
    COLLECT { MATCH (m)<-[u:PAYS]-(f:Fund) WHERE known(u) RETURN [f.fund_no, [u.voucher, u.paid_on, u.payee]]
      ORDER BY f.fund_no },
    CASE WHEN size(households) > 0 THEN size(households) ELSE COUNT {
      MATCH (m)<-[q:RECEIVES]-(:Person) WHERE known(q) } END] AS facts
}
RETURN kind, key, facts
ORDER BY kind, key
