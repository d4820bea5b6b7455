// 受益对象 — Beneficiaries of assets, funds and banks on a day: shareholders, recipients of grants, loans and measures.
// groups: {position, kind, label, key}: the kinds of end are HOLDS of an asset; GRANTED, PAYS, TO_PERSON and TO_VILLAGE
// of a fund; LENT of a fund or bank.
// Up to `limit` ends of each group are returned, in their order.
// For each asset, a row HELD also counts the holders by their shares: [[[shares, stated total] of each certificate,
// number of holders] of each group, whether anyone ever held shares].
// For `counted` groups only counts are returned: HELD; the number of recipients of each amount (GIVEN: [amount,
// recipients]; OWED: [amount owed, amount repaid, households]); and the number of measures by recipients and amount
// (PAID_FOR: [recipients, amount, measures]).
// year: year of the dividends to return; null for all. scope: ranges that the user may see; null for all. A beneficiary
// outside the scope is returned without a name.
// after: [position, kind, key, recipient of a measure].
// @params groups, counted, year, scope, asOf, seq, after, limit
// @returns position, kind, key, recipient, facts
CALL () {
  UNWIND $groups AS source
  MATCH (s:Asset {asset_no: source.key})<-[o:HOLDS]-(h)
  WHERE source.kind = 'HOLDS' AND holds(o)
  WITH source.position AS position, s, h, part(holder_kind) AS label, part(holder_key) AS key,
    collect([o.certificate, o.kind, o.shares, o.total_shares, o.since]) AS certificates
  WHERE position > $after[0] OR label > $after[1] OR (label = $after[1] AND key > $after[2])
  WITH position, s, h, label, key, certificates ORDER BY position, label, key LIMIT $limit
  RETURN position, label AS kind, key AS key, '' AS recipient, [part(holder_out_of_scope), certificates,
    part(dividend_payments)] AS facts
UNION ALL
  UNWIND $groups AS source
  MATCH (g:Fund {fund_no: source.key})-[t:GRANTED]->(h:Household)
  WHERE source.kind = 'GRANTED' AND source.label = 'Fund' AND holds(t)
    AND (source.position > $after[0] OR h.card_no > $after[2])
  WITH DISTINCT source.position AS position, g, h
  ORDER BY position, h.card_no LIMIT $limit
  RETURN position, 'Household' AS kind, h.card_no AS key, '' AS recipient,
    [part(holder_out_of_scope), part(granted_household)] AS facts
UNION ALL
  UNWIND $groups AS source
  MATCH (g:Fund {fund_no: source.key})-[t:LENT]->(h:Household)
  WHERE source.kind = 'LENT' AND source.label = 'Fund' AND holds(t)
    AND (source.position > $after[0] OR h.card_no > $after[2])
  WITH DISTINCT source.position AS position, g, h
  ORDER BY position, h.card_no LIMIT $limit
  RETURN position, 'Household' AS kind, h.card_no AS key, '' AS recipient,
    [part(holder_out_of_scope), part(lent_household)] AS facts
UNION ALL
  UNWIND $groups AS source
  MATCH (g:Bank {bank_no: source.key})-[t:LENT]->(h:Household)
  WHERE source.kind = 'LENT' AND source.label = 'Bank' AND holds(t)
    AND (source.position > $after[0] OR h.card_no > $after[2])
  WITH DISTINCT source.position AS position, g, h
  ORDER BY position, h.card_no LIMIT $limit
  RETURN position, 'Household' AS kind, h.card_no AS key, '' AS recipient,
    [part(holder_out_of_scope), part(lent_household)] AS facts
UNION ALL
  UNWIND $groups AS source
  MATCH (g:Fund {fund_no: source.key})-[t:DISBURSED]->(h:Person)
  WHERE source.kind = 'TO_PERSON' AND holds(t) AND (source.position > $after[0] OR h.person_no > $after[2])
  WITH DISTINCT source.position AS position, g, h
  ORDER BY position, h.person_no LIMIT $limit
  RETURN position, 'Person' AS kind, h.person_no AS key, part(household_of) AS recipient,
    [part(holder_out_of_scope), part(disbursed)] AS facts
UNION ALL
  UNWIND $groups AS source
  MATCH (g:Fund {fund_no: source.key})-[t:DISBURSED]->(h:Village)
  WHERE source.kind = 'TO_VILLAGE' AND holds(t) AND (source.position > $after[0] OR h.code > $after[2])
  WITH DISTINCT source.position AS position, g, h
  ORDER BY position, h.code LIMIT $limit
  RETURN position, 'Village' AS kind, h.code AS key, '' AS recipient,
    [part(holder_out_of_scope), part(disbursed)] AS facts
UNION ALL
  UNWIND $groups AS source
  MATCH (g:Fund {fund_no: source.key})-[p:PAYS]->(m:Measure)
  WHERE source.kind = 'PAYS' AND known(p) AND part(measure_begun)
    AND (source.position > $after[0] OR m.measure_no >= $after[2])
  WITH source.position AS position, m, [p.voucher, p.paid_on, p.payee] AS payment,
    CASE WHEN size(COLLECT { MATCH (m)<-[u:PAYS]-(o:Fund) WHERE known(u) RETURN o.fund_no }) = 1 THEN head(COLLECT {
      MATCH (m)<-[:OF]-(s:MeasureState) WHERE known(s) RETURN s.amount }) ELSE null END AS amount,
    COLLECT { MATCH (m)<-[r:RECEIVES]-(h:Household) WHERE known(r) RETURN h ORDER BY h.card_no } AS households,
    COLLECT { MATCH (m)<-[r:RECEIVES]-(h:Person) WHERE known(r) RETURN h ORDER BY h.person_no } AS persons
  UNWIND CASE WHEN size(households) > 0 THEN households WHEN size(persons) > 0 THEN persons ELSE [null] END AS h
  WITH position, m, payment, amount, households, persons, h, coalesce(part(holder_key), '') AS recipient
  WHERE position > $after[0] OR m.measure_no > $after[2] OR recipient > $after[3]
  WITH position, m, payment, amount, households, persons, h, recipient
  ORDER BY position, m.measure_no, recipient LIMIT $limit
  RETURN position, CASE WHEN h IS NULL THEN '' ELSE part(holder_kind) END AS kind, m.measure_no AS key,
    recipient AS recipient,
    [CASE WHEN h IS NULL THEN false ELSE part(holder_out_of_scope) END, CASE WHEN size(households) > 1
      OR (size(households) = 0 AND size(persons) > 1) THEN null ELSE amount END, payment] AS facts
UNION ALL
  UNWIND $groups + $counted AS source
  MATCH (s:Asset {asset_no: source.key})
  WHERE source.kind = 'HOLDS'
  RETURN source.position AS position, 'HELD' AS kind, '' AS key, '' AS recipient,
    [part(share_groups),
     EXISTS { MATCH (s)<-[o:HOLDS]-() WHERE known(o) AND o.since <= $asOf }] AS facts
UNION ALL
  UNWIND $counted AS source
  MATCH (g:Fund {fund_no: source.key})-[t:GRANTED]->(h:Household)
  WHERE source.kind = 'GRANTED' AND source.label = 'Fund' AND holds(t)
  WITH source.position AS position, h, sum(t.amount) AS amount
  WITH position, amount, count(*) AS households
  RETURN position, 'GIVEN' AS kind, '' AS key, '' AS recipient, [amount, households] AS facts
UNION ALL
  UNWIND $counted AS source
  MATCH (g:Fund {fund_no: source.key})-[t:LENT]->(h:Household)
  WHERE source.kind = 'LENT' AND source.label = 'Fund' AND holds(t)
  WITH source.position AS position, g, h, sum(t.amount) AS lent
  WITH position, lent,
    coalesce(head(COLLECT { MATCH (g)<-[r:REPAID]-(h) WHERE holds(r) RETURN sum(r.amount) }), 0) AS repaid
  WITH position, lent - repaid AS owed, repaid, count(*) AS households
  RETURN position, 'OWED' AS kind, '' AS key, '' AS recipient, [owed, repaid, households] AS facts
UNION ALL
  UNWIND $counted AS source
  MATCH (g:Bank {bank_no: source.key})-[t:LENT]->(h:Household)
  WHERE source.kind = 'LENT' AND source.label = 'Bank' AND holds(t)
  WITH source.position AS position, g, h, sum(t.amount) AS lent
  WITH position, lent,
    coalesce(head(COLLECT { MATCH (g)<-[r:REPAID]-(h) WHERE holds(r) RETURN sum(r.amount) }), 0) AS repaid
  WITH position, lent - repaid AS owed, repaid, count(*) AS households
  RETURN position, 'OWED' AS kind, '' AS key, '' AS recipient, [owed, repaid, households] AS facts
UNION ALL
  UNWIND $counted AS source
  MATCH (g:Fund {fund_no: source.key})-[t:DISBURSED]->(h)
  WHERE source.kind IN ['TO_PERSON', 'TO_VILLAGE'] AND holds(t)
    AND (source.kind = 'TO_PERSON') = (h.person_no IS NOT NULL)
  WITH source.position AS position, h, sum(t.amount) AS amount
  WITH position, amount, count(*) AS receivers
  RETURN position, 'GIVEN' AS kind, '' AS key, '' AS recipient, [amount, receivers] AS facts
UNION ALL
  UNWIND $counted AS source
  MATCH (g:Fund {fund_no: source.key})-[p:PAYS]->(m:Measure)
  WHERE source.kind = 'PAYS' AND known(p) AND part(measure_begun)
  WITH source.position AS position, m,
    COUNT { MATCH (m)<-[r:RECEIVES]-(:Household) WHERE known(r) } AS households,
    COUNT { MATCH (m)<-[r:RECEIVES]-(:Person) WHERE known(r) } AS persons,
    COUNT { MATCH (m)<-[u:PAYS]-(:Fund) WHERE known(u) } AS payers,
      head(COLLECT { MATCH (m)<-[:OF]-(s:MeasureState) WHERE known(s) RETURN s.amount }) AS amount
  WITH position, CASE WHEN households > 0 THEN households ELSE persons END AS recipients,
    CASE WHEN payers = 1 THEN amount ELSE null END AS amount
  WITH position, recipients, amount, count(*) AS measures
  RETURN position, 'PAID_FOR' AS kind, '' AS key, '' AS recipient, [recipients, amount, measures] AS facts
}
RETURN position, kind, key, recipient, facts
ORDER BY position, kind, key, recipient
