// 受益对象 — Beneficiaries of assets, funds and banks on a day: shareholders, and recipients of grants, loans and measures.
// groups: [position, kind of end, label, key]. The kinds of end are HOLDS of an asset; GRANTED, PAYS, TO_PERSON and
// TO_VILLAGE of a fund; LENT of a fund or bank.
// Up to `limit` ends of each group are returned, in their order.
// For each asset, a row HELD also counts the holders by their shares: [[shares, stated total] of each certificate,
// number of holders].
// For `counted` groups only counts are returned: HELD; the number of recipients of each amount (GIVEN: [amount,
// recipients]; OWED: [amount owed, amount repaid, households]); and the number of measures by recipients and amount
// (PAID_FOR: [recipients, amount, measures]).
// year: year of the dividends to return; null for all. scope: ranges that the user may see; null for all. A beneficiary
// outside the scope is returned without a name.
// after: [position, kind, key, recipient of a measure].
// @params groups, counted, year, scope, asOf, seq, after, limit
// @returns place, kind, key, recipient, facts
CALL () {
  UNWIND $groups AS one
  MATCH (s:Asset {asset_no: one[3]})<-[o:HOLDS]-(h)
  WHERE one[1] = 'HOLDS' AND holds(o)
  WITH one, s, h, part(holder_kind) AS label, part(holder_key) AS key,
    collect([o.certificate, o.kind, o.shares, o.total_shares, o.since]) AS certificates
  WHERE one[0] > $after[0] OR label > $after[1] OR (label = $after[1] AND key > $after[2])
  WITH one, s, h, label, key, certificates ORDER BY one[0], label, key LIMIT $limit
  RETURN one[0] AS place, label AS kind, key AS key, '' AS recipient, [part(holder_unseen), certificates,
    part(dividends)] AS facts
UNION ALL
  UNWIND $groups AS one
  MATCH (g:Fund {fund_no: one[3]})-[t:GRANTED]->(h:Household)
  WHERE one[1] = 'GRANTED' AND one[2] = 'Fund' AND holds(t) AND (one[0] > $after[0] OR h.card_no > $after[2])
  WITH DISTINCT one, g, h
  ORDER BY one[0], h.card_no LIMIT $limit
  RETURN one[0] AS place, 'Household' AS kind, h.card_no AS key, '' AS recipient,
    [part(holder_unseen), part(granted_household)] AS facts
UNION ALL
  UNWIND $groups AS one
  MATCH (g:Fund {fund_no: one[3]})-[t:LENT]->(h:Household)
  WHERE one[1] = 'LENT' AND one[2] = 'Fund' AND holds(t) AND (one[0] > $after[0] OR h.card_no > $after[2])
  WITH DISTINCT one, g, h
  ORDER BY one[0], h.card_no LIMIT $limit
  RETURN one[0] AS place, 'Household' AS kind, h.card_no AS key, '' AS recipient,
    [part(holder_unseen), part(lent_household)] AS facts
UNION ALL
  UNWIND $groups AS one
  MATCH (g:Bank {bank_no: one[3]})-[t:LENT]->(h:Household)
  WHERE one[1] = 'LENT' AND one[2] = 'Bank' AND holds(t) AND (one[0] > $after[0] OR h.card_no > $after[2])
  WITH DISTINCT one, g, h
  ORDER BY one[0], h.card_no LIMIT $limit
  RETURN one[0] AS place, 'Household' AS kind, h.card_no AS key, '' AS recipient,
    [part(holder_unseen), part(lent_household)] AS facts
UNION ALL
  UNWIND $groups AS one
  MATCH (g:Fund {fund_no: one[3]})-[t:DISBURSED]->(h:Person)
  WHERE one[1] = 'TO_PERSON' AND holds(t) AND (one[0] > $after[0] OR h.person_no > $after[2])
  WITH DISTINCT one, g, h
  ORDER BY one[0], h.person_no LIMIT $limit
  RETURN one[0] AS place, 'Person' AS kind, h.person_no AS key, part(household_of) AS recipient,
    [part(holder_unseen), part(disbursed)] AS facts
UNION ALL
  UNWIND $groups AS one
  MATCH (g:Fund {fund_no: one[3]})-[t:DISBURSED]->(h:Village)
  WHERE one[1] = 'TO_VILLAGE' AND holds(t) AND (one[0] > $after[0] OR h.code > $after[2])
  WITH DISTINCT one, g, h
  ORDER BY one[0], h.code LIMIT $limit
  RETURN one[0] AS place, 'Village' AS kind, h.code AS key, '' AS recipient,
    [part(holder_unseen), part(disbursed)] AS facts
UNION ALL
  UNWIND $groups AS one
  MATCH (g:Fund {fund_no: one[3]})-[p:PAYS]->(m:Measure)
  WHERE one[1] = 'PAYS' AND known(p) AND part(measure_begun) AND (one[0] > $after[0] OR m.measure_no >= $after[2])
  WITH one, m, [p.voucher, p.paid_on, p.payee] AS payment,
    CASE WHEN size(COLLECT { MATCH (m)<-[u:PAYS]-(o:Fund) WHERE known(u) RETURN o.fund_no }) = 1 THEN head(COLLECT {
      MATCH (m)<-[:OF]-(s:MeasureState) WHERE known(s) RETURN s.amount }) ELSE null END AS amount,
    COLLECT { MATCH (m)<-[r:RECEIVES]-(h:Household) WHERE known(r) RETURN h ORDER BY h.card_no } AS households,
    COLLECT { MATCH (m)<-[r:RECEIVES]-(h:Person) WHERE known(r) RETURN h ORDER BY h.person_no } AS persons
  UNWIND CASE WHEN size(households) > 0 THEN households WHEN size(persons) > 0 THEN persons ELSE [null] END AS h
  WITH one, m, payment, amount, households, persons, h, coalesce(part(holder_key), '') AS recipient
  WHERE one[0] > $after[0] OR m.measure_no > $after[2] OR recipient > $after[3]
  WITH one, m, payment, amount, households, persons, h, recipient ORDER BY one[0], m.measure_no, recipient LIMIT $limit
  RETURN one[0] AS place, CASE WHEN h IS NULL THEN '' ELSE part(holder_kind) END AS kind, m.measure_no AS key,
    recipient AS recipient,
    [CASE WHEN h IS NULL THEN false ELSE part(holder_unseen) END, CASE WHEN size(households) > 1
      OR (size(households) = 0 AND size(persons) > 1) THEN null ELSE amount END, payment] AS facts
UNION ALL
  UNWIND $groups + $counted AS one
  MATCH (s:Asset {asset_no: one[3]})
  WHERE one[1] = 'HOLDS'
  RETURN one[0] AS place, 'HELD' AS kind, '' AS key, '' AS recipient,
    [part(held),
     EXISTS { MATCH (s)<-[o:HOLDS]-() WHERE known(o) AND o.since <= $asOf }] AS facts
UNION ALL
  UNWIND $counted AS one
  MATCH (g:Fund {fund_no: one[3]})-[t:GRANTED]->(h:Household)
  WHERE one[1] = 'GRANTED' AND one[2] = 'Fund' AND holds(t)
  WITH one, h, sum(t.amount) AS amount
  WITH one, amount, count(*) AS households
  RETURN one[0] AS place, 'GIVEN' AS kind, '' AS key, '' AS recipient, [amount, households] AS facts
UNION ALL
  UNWIND $counted AS one
  MATCH (g:Fund {fund_no: one[3]})-[t:LENT]->(h:Household)
  WHERE one[1] = 'LENT' AND one[2] = 'Fund' AND holds(t)
  WITH one, g, h, sum(t.amount) AS lent
  WITH one, lent, coalesce(head(COLLECT { MATCH (g)<-[r:REPAID]-(h) WHERE holds(r) RETURN sum(r.amount) }), 0) AS repaid
  WITH one, lent - repaid AS owed, repaid, count(*) AS households
  RETURN one[0] AS place, 'OWED' AS kind, '' AS key, '' AS recipient, [owed, repaid, households] AS facts
UNION ALL
  UNWIND $counted AS one
  MATCH (g:Bank {bank_no: one[3]})-[t:LENT]->(h:Household)
  WHERE one[1] = 'LENT' AND one[2] = 'Bank' AND holds(t)
  WITH one, g, h, sum(t.amount) AS lent
  WITH one, lent, coalesce(head(COLLECT { MATCH (g)<-[r:REPAID]-(h) WHERE holds(r) RETURN sum(r.amount) }), 0) AS repaid
  WITH one, lent - repaid AS owed, repaid, count(*) AS households
  RETURN one[0] AS place, 'OWED' AS kind, '' AS key, '' AS recipient, [owed, repaid, households] AS facts
UNION ALL
  UNWIND $counted AS one
  MATCH (g:Fund {fund_no: one[3]})-[t:DISBURSED]->(h)
  WHERE one[1] IN ['TO_PERSON', 'TO_VILLAGE'] AND holds(t) AND (one[1] = 'TO_PERSON') = (h.person_no IS NOT NULL)
  WITH one, h, sum(t.amount) AS amount
  WITH one, amount, count(*) AS receivers
  RETURN one[0] AS place, 'GIVEN' AS kind, '' AS key, '' AS recipient, [amount, receivers] AS facts
UNION ALL
  UNWIND $counted AS one
  MATCH (g:Fund {fund_no: one[3]})-[p:PAYS]->(m:Measure)
  WHERE one[1] = 'PAYS' AND known(p) AND part(measure_begun)
  WITH one, m, COUNT { MATCH (m)<-[r:RECEIVES]-(:Household) WHERE known(r) } AS households, COUNT {
    MATCH (m)<-[r:RECEIVES]-(:Person) WHERE known(r) } AS persons,
    COUNT { MATCH (m)<-[u:PAYS]-(:Fund) WHERE known(u) } AS payers,
      head(COLLECT { MATCH (m)<-[:OF]-(s:MeasureState) WHERE known(s) RETURN s.amount }) AS amount
  WITH one, CASE WHEN households > 0 THEN households ELSE persons END AS recipients, CASE WHEN payers = 1 THEN amount
    ELSE null END AS amount
  WITH one, recipients, amount, count(*) AS measures
  RETURN one[0] AS place, 'PAID_FOR' AS kind, '' AS key, '' AS recipient, [recipients, amount, measures] AS facts
}
RETURN place, kind, key, recipient, facts
ORDER BY place, kind, key, recipient
