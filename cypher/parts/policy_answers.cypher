// 户的政策落实 — For the household h, each policy asked for and whom it is for: position, policy, person ('' = the household), answer, measures, given, standard, recorded.
// Needs h, $asOf, $seq, $year, $policies (maps, as policy_gaps tells), $names (of all policies), $positions, $stages, $notInSchool, $hollow, $lines ([first day, last day, fen a head in the year]).
// Which measures are under a policy: what is in name only is under none. A measure that names a policy of the list is under that one. Else it is of the
// kinds, with one of the words in its content: where a word (or kind) that one policy alone has tells it (telling: 高中助学金), under that; where it has
// only words that several have (common: 生活补助), under the one whose facts the person, or household, meets, as the stage of school; of several such,
// those whose amount it is, where there are any. Where it is known that none fits, it is undue, and told once, under the first of the list.
// Who has it: the person, by measures of one's own; the household, by its own or its members'; or by what the register says besides, as the policy
// has it (its `recorded`): LOW_INCOME, INSURED (by either insurance), MEDICAL_AID of a person's own record, of a household that of any member
// (recorded tells them); BORROWED, ENTRUSTED of a link with an operator. Of a person whose record is blank there, and who has no measure, it is not known.
// Low income that only a record says is undue where the household's kind is known to be another: of kind and record one is wrong, and both are
// civil affairs' own. Else what is recorded makes nothing undue.
// A measure counts while it is in force; where there is a standard, also one that has ended in the year.
// given: fen of these together, null where an amount is not known. standard: of the policy, or of the register's own policy that they name.
// LOW_INCOME_DUE: of that kind by the card; or, but for 五保, below the line of the card's year with no member who can work; where either is not known,
// and the card does not say so, it is not known.
// ILL: seriously ill, by the record of health or an illness of the policy's list; who is healthy is not; of others it is not known.
// UNDUE: has measures of its own, and a fact is known to be otherwise. Where all facts are so: LESS, has it, but given < standard; ANSWERED, has it,
// or the household has it for all; AVAILABLE, has none of what is taken up on demand; MISSING, has none. null: facts are not so, or not known.
WITH h,
  head(COLLECT { MATCH (h)<-[:OF]-(c:HouseholdYear) WHERE known(c) AND c.year <= $year RETURN [c.kind, c.housing, c.size, c.year,
      part(net_income)] ORDER BY c.year DESC LIMIT 1 }) AS k,
  COLLECT { MATCH (h)-[r:RECEIVES]->(m:Measure)<-[:OF]-(s:MeasureState) WHERE holds(r) AND known(s) AND coalesce(s.starts_on, $asOf) <= $asOf AND coalesce(s.ends_on, $asOf) >= $year * 10000 + 101
      AND NOT coalesce(s.content IN $hollow, false) AND NOT EXISTS { MATCH (m)<-[q:RECEIVES]-(:Person) WHERE holds(q) }
    RETURN [m.measure_no, s.kind, coalesce(s.content, ''), head(COLLECT { MATCH (m)-[u:UNDER]->(o:Policy)<-[:OF]-(t:PolicyState) WHERE holds(u) AND known(t) RETURN [o.policy_no, t.unit_amount] }),
      s.amount, coalesce(s.ends_on, $asOf) >= $asOf, true] ORDER BY m.measure_no } AS shared
WITH h, k, shared,
  COLLECT { MATCH (h)-[r:BORROWED_FROM|ENTRUSTS_TO]->() WHERE part(linked) RETURN type(r) } AS links,
  COLLECT { MATCH (h)<-[b:MEMBER_OF]-(p:Person) WHERE holds(b)
    RETURN [p.person_no,
      head(COLLECT { MATCH (p)<-[:OF]-(y:PersonYear) WHERE known(y) AND y.year <= $year RETURN [y.health, y.in_school, y.born_on, y.illness, y.sex, y.low_income,
        CASE WHEN y.insured OR y.employee_insured THEN true WHEN y.insured = false THEN false END, y.medical_aid, y.labour] ORDER BY y.year DESC LIMIT 1 }),
      COLLECT { MATCH (p)-[r:RECEIVES]->(m:Measure)<-[:OF]-(s:MeasureState) WHERE holds(r) AND known(s) AND coalesce(s.starts_on, $asOf) <= $asOf AND coalesce(s.ends_on, $asOf) >= $year * 10000 + 101
          AND NOT coalesce(s.content IN $hollow, false)
        RETURN [m.measure_no, s.kind, coalesce(s.content, ''), head(COLLECT { MATCH (m)-[u:UNDER]->(o:Policy)<-[:OF]-(t:PolicyState) WHERE holds(u) AND known(t) RETURN [o.policy_no, t.unit_amount] }),
          s.amount, coalesce(s.ends_on, $asOf) >= $asOf, false] ORDER BY m.measure_no }] ORDER BY p.person_no } AS members
WITH h, k, shared, links, members, CASE WHEN any(b IN members WHERE NOT b[1][8] IN ['LOST', 'NONE']) THEN false WHEN size(members) > 0 AND none(b IN members WHERE b[1][8] IS NULL) THEN true END AS unable,
  k[4] < coalesce(k[2], size(members)) * head([l IN $lines WHERE l[0] <= k[3] * 10000 + 1231 AND l[1] >= k[3] * 10000 + 1231 | l[2]]) AS below
WITH h, k, links, members, unable AND below AND coalesce(k[0] <> 'FIVE_GUARANTEES', true) AS destitute, [b IN members | [b[0], b[1], b[2] + shared]] +
  [['', null, reduce(all = shared, b IN members | all + [m IN b[2] WHERE NOT m[0] IN [x IN all | x[0]]])]] AS bearers
UNWIND bearers AS who
WITH h, k, links, members, destitute, who
WHERE any(at IN $positions WHERE $policies[at].person = (who[0] <> ''))
WITH h, k, links, members, destitute, who[0] AS person, who[1] AS c, who[2] AS having, head([s IN $stages WHERE s[0] = who[1][1]])[1] AS stage
WITH h, links, members, person, having,
  [policy IN $policies | [need IN policy['needs'] WHERE policy['person'] = (person <> '') | CASE need
    WHEN 'REGISTERED' THEN true
    WHEN 'ILLNESS' THEN CASE WHEN c[3] IS NULL THEN CASE WHEN c[0] = ['HEALTHY'] THEN false END ELSE any(word IN policy['illness'] WHERE c[3] CONTAINS word) END
    WHEN 'ILL' THEN CASE WHEN 'SERIOUS_ILLNESS' IN c[0] OR any(word IN policy['illness'] WHERE c[3] CONTAINS word) THEN true
      WHEN c[0] = ['HEALTHY'] AND c[3] IS NULL THEN false END
    WHEN 'DISABLED' THEN 'DISABLED' IN c[0]
    WHEN 'AGE_0_6' THEN ($asOf - c[2]) / 10000 < 7
    WHEN 'WOMAN_15_49' THEN c[4] = 'FEMALE' AND ($asOf - c[2]) / 10000 >= 15 AND ($asOf - c[2]) / 10000 < 50
    WHEN 'MOTHER_OR_CHILD' THEN ($asOf - c[2]) / 10000 < 7 OR (c[4] = 'FEMALE' AND ($asOf - c[2]) / 10000 >= 15 AND ($asOf - c[2]) / 10000 < 50)
    WHEN 'LOW_INCOME_DUE' THEN CASE WHEN k[0] = 'LOW_INCOME' OR destitute THEN true WHEN destitute = false THEN k[0] = 'LOW_INCOME' END
    WHEN 'KIND_FIVE_GUARANTEES' THEN k[0] = 'FIVE_GUARANTEES'
    WHEN 'UNSAFE_HOUSING' THEN k[1] IN ['GRADE_C', 'GRADE_D']
    ELSE CASE WHEN stage IS NOT NULL THEN stage = need WHEN c[1] IN $notInSchool THEN false END END]] AS facts
WITH h, links, members, person, [one IN facts | CASE WHEN any(f IN one WHERE f = false) THEN false WHEN any(f IN one WHERE f IS NULL) THEN null ELSE true END] AS fits,
  [m IN having | [m,
    [at IN range(0, size($policies) - 1) WHERE $policies[at].person = (person <> '') AND any(t IN $policies[at].telling WHERE t[0] = m[1] AND m[2] CONTAINS t[1])],
    [at IN range(0, size($policies) - 1) WHERE $policies[at].person = (person <> '') AND any(t IN $policies[at].common WHERE t[0] = m[1] AND m[2] CONTAINS t[1])]]] AS matched
WITH h, links, members, person, fits, [x IN matched | x + [[at IN x[2] WHERE fits[at]], [at IN x[2] WHERE fits[at] AND $policies[at].amount = x[0][4]]]] AS matched
WITH h, links, members, person, fits, [x IN matched | [x[0], CASE
  WHEN x[0][3][0] IN $names THEN [at IN range(0, size($policies) - 1) WHERE $policies[at].name = x[0][3][0]]
  WHEN size(x[1]) > 0 THEN x[1]
  WHEN size(x[4]) > 0 THEN x[4]
  WHEN size(x[3]) > 0 THEN x[3]
  WHEN any(at IN x[2] WHERE fits[at] IS NULL) THEN []
  ELSE x[2][0..1] END]] AS under
UNWIND $positions AS position
WITH h, links, members, person, position, $policies[position] AS policy, fits[position] AS fit, under
WHERE policy['person'] = (person <> '')
WITH h, links, person, position, policy, fit,
  [x IN under WHERE position IN x[1] AND (x[0][5] OR policy['standard'] IS NOT NULL OR x[0][3][1] IS NOT NULL) | x[0]] AS had,
  CASE WHEN policy['recorded'] IN ['LOW_INCOME', 'INSURED', 'MEDICAL_AID'] THEN [b IN members WHERE person = '' OR person = b[0] |
    [b[0], CASE policy['recorded'] WHEN 'LOW_INCOME' THEN b[1][5] WHEN 'INSURED' THEN b[1][6] ELSE b[1][7] END]] ELSE [] END AS records
WITH h, person, position, policy, fit, [r IN records WHERE r[1] = true | [r[0]]] AS recorded, person <> '' AND any(r IN records WHERE r[1] IS NULL) AS blank,
  [m IN had WHERE person = '' OR NOT m[6]] AS own, size(had) > 0 AS given_to,
  CASE policy['recorded'] WHEN 'BORROWED' THEN 'BORROWED_FROM' IN links WHEN 'ENTRUSTED' THEN 'ENTRUSTS_TO' IN links ELSE false END AS linked
WITH h, person, position, policy, fit, recorded, blank, own, given_to OR linked OR size(recorded) > 0 AS has
WITH h, person, position, policy, fit, recorded, blank, [m IN own | [m[0]]] AS measures, has,
  CASE WHEN size(own) > 0 OR NOT has THEN reduce(total = 0, m IN own | total + m[4]) END AS given,
  coalesce(policy['standard'], reduce(most = null, m IN own | CASE WHEN most IS NULL OR m[3][1] > most THEN m[3][1] ELSE most END)) AS standard
WITH h, person, position, policy, measures, given, standard, recorded,
  CASE WHEN fit = false AND (size(measures) > 0 OR (policy['recorded'] = 'LOW_INCOME' AND size(recorded) > 0)) THEN 'UNDUE'
    WHEN NOT coalesce(fit, false) OR (blank AND NOT has) THEN null
    WHEN has AND given < standard THEN 'LESS'
    WHEN has THEN 'ANSWERED'
    WHEN policy['demand'] THEN 'AVAILABLE' ELSE 'MISSING' END AS answer
