// 户的政策落实 — Answers for the household h, for each requested policy and each person to whom it applies.
// Rows: position, policy, person ('' for the household), answer, measures, given, standard, recorded.
// Measures under a policy: a measure in name only belongs to none. A measure that names a policy of the list belongs to
// it. Otherwise a measure of the policy's kinds with one of its words in its content belongs to it: if a word (or kind)
// belongs to one policy alone (telling: 高中助学金), to that policy; if all its words belong to several policies (common:
// 生活补助), to the one whose conditions the person or household meets, such as the stage of education; if there are
// several such policies, to those with its amount, if any. If it is known that none applies, the answer is UNDUE, once,
// at the first policy of the list.
// Who receives a policy: a person, by measures of the person; a household, by its own measures or those of its members;
// or by other values of the register, depending on the policy (its `recorded`): LOW_INCOME, INSURED (by either
// insurance) or MEDICAL_AID on the person's own record, or for a household on that of any member (recorded lists them);
// BORROWED, ENTRUSTED by a link with an operator. It is unknown for a person without a measure whose record is blank
// there.
// A subsistence allowance that is only on a record is UNDUE if the household is known to be of another kind: either the
// kind or the record is wrong, and both belong to civil affairs. Otherwise values of the register make nothing UNDUE.
// A measure counts while it is in force; if the policy has a standard, also if it has ended in the year.
// given: sum of the measures in fen; null if an amount is unknown. standard: of the policy, or of the register's policy
// that they name.
// LOW_INCOME_DUE: the household is of that kind by its card; or, except 五保, it is below the poverty line of the card's
// year and has no member who can work. If either is unknown and the card does not state the kind, it is unknown.
// ILL: seriously ill, by the health conditions of the record or by an illness in the list of the policy. A healthy
// person is not; for others it is unknown.
// UNDUE: has measures of its own and a condition is known not to be met. If all conditions are met: LESS, receives it
// but given < standard; ANSWERED, receives it, or the household receives it for all; AVAILABLE, does not receive a
// policy that is granted on request; MISSING, does not receive it. null: conditions are unmet or unknown.
// Needs h, $asOf, $seq, $year, $policies (maps, as in policy_gaps), $names (of all policies), $positions, $stages,
// $notInSchool, $hollow, $lines ([first day, last day, fen per person in the year]).
WITH h,
  head(COLLECT { MATCH (h)<-[:OF]-(c:HouseholdYear) WHERE known(c) AND c.year <= $year
    RETURN [c.kind, c.housing, c.size, c.year,
      part(net_income)] ORDER BY c.year DESC LIMIT 1 }) AS k,
  COLLECT { MATCH (h)-[r:RECEIVES]->(m:Measure)<-[:OF]-(s:MeasureState)
    WHERE holds(r) AND known(s) AND coalesce(s.starts_on, $asOf) <= $asOf
    AND coalesce(s.ends_on, $asOf) >= $year * 10000 + 101
      AND NOT coalesce(s.content IN $hollow, false) AND NOT EXISTS { MATCH (m)<-[q:RECEIVES]-(:Person) WHERE holds(q) }
    RETURN [m.measure_no, s.kind, coalesce(s.content, ''),
      head(COLLECT { MATCH (m)-[u:UNDER]->(o:Policy)<-[:OF]-(t:PolicyState) WHERE holds(u) AND known(t)
      RETURN [o.policy_no, t.unit_amount] }),
      s.amount, coalesce(s.ends_on, $asOf) >= $asOf, true] ORDER BY m.measure_no } AS shared
WITH h, k, shared,
  COLLECT { MATCH (h)-[r:BORROWED_FROM|ENTRUSTS_TO]->() WHERE part(linked) RETURN type(r) } AS links,
  COLLECT { MATCH (h)<-[b:MEMBER_OF]-(p:Person) WHERE holds(b)
    RETURN [p.person_no,
      head(COLLECT { MATCH (p)<-[:OF]-(y:PersonYear) WHERE known(y) AND y.year <= $year
        RETURN [y.health, y.in_school, y.born_on, y.illness, y.sex, y.low_income,
        CASE WHEN y.insured OR y.employee_insured THEN true WHEN y.insured = false THEN false END, y.medical_aid,
          y.labour] ORDER BY y.year DESC LIMIT 1 }),
      COLLECT { MATCH (p)-[r:RECEIVES]->(m:Measure)<-[:OF]-(s:MeasureState)
        WHERE holds(r) AND known(s) AND coalesce(s.starts_on, $asOf) <= $asOf
        AND coalesce(s.ends_on, $asOf) >= $year * 10000 + 101
          AND NOT coalesce(s.content IN $hollow, false)
        RETURN [m.measure_no, s.kind, coalesce(s.content, ''),
          head(COLLECT { MATCH (m)-[u:UNDER]->(o:Policy)<-[:OF]-(t:PolicyState) WHERE holds(u) AND known(t)
          RETURN [o.policy_no, t.unit_amount] }),
          s.amount, coalesce(s.ends_on, $asOf) >= $asOf, false] ORDER BY m.measure_no }]
            ORDER BY p.person_no } AS members
WITH h, k, shared, links, members, CASE WHEN any(b IN members WHERE NOT b[1][8] IN ['LOST', 'NONE']) THEN false
  WHEN size(members) > 0 AND none(b IN members WHERE b[1][8] IS NULL) THEN true END AS unable,
  k[4] < coalesce(k[2], size(members)) * head([l IN $lines
    WHERE l[0] <= k[3] * 10000 + 1231 AND l[1] >= k[3] * 10000 + 1231 | l[2]]) AS below
WITH h, k, links, members, unable AND below AND coalesce(k[0] <> 'FIVE_GUARANTEES', true) AS destitute,
  [b IN members | [b[0], b[1], b[2] + shared]] +
  [['', null, reduce(all = shared, b IN members | all + [m IN b[2] WHERE NOT m[0] IN [x IN all | x[0]]])]] AS bearers
UNWIND bearers AS who
WITH h, k, links, members, destitute, who
WHERE any(at IN $positions WHERE $policies[at].person = (who[0] <> ''))
WITH h, k, links, members, destitute, who[0] AS person, who[1] AS c, who[2] AS having,
  head([s IN $stages WHERE s[0] = who[1][1]])[1] AS stage
WITH h, links, members, person, having,
  [policy IN $policies | [need IN policy['needs'] WHERE policy['person'] = (person <> '') | CASE need
    WHEN 'REGISTERED' THEN true
    WHEN 'ILLNESS' THEN CASE WHEN c[3] IS NULL THEN CASE WHEN c[0] = ['HEALTHY'] THEN false END
      ELSE any(word IN policy['illness'] WHERE c[3] CONTAINS word) END
    WHEN 'ILL' THEN CASE WHEN 'SERIOUS_ILLNESS' IN c[0]
      OR any(word IN policy['illness'] WHERE c[3] CONTAINS word) THEN true
      WHEN c[0] = ['HEALTHY'] AND c[3] IS NULL THEN false END
    WHEN 'DISABLED' THEN 'DISABLED' IN c[0]
    WHEN 'AGE_0_6' THEN ($asOf - c[2]) / 10000 < 7
    WHEN 'WOMAN_15_49' THEN c[4] = 'FEMALE' AND ($asOf - c[2]) / 10000 >= 15 AND ($asOf - c[2]) / 10000 < 50
    WHEN 'MOTHER_OR_CHILD' THEN ($asOf - c[2]) / 10000 < 7
      OR (c[4] = 'FEMALE' AND ($asOf - c[2]) / 10000 >= 15 AND ($asOf - c[2]) / 10000 < 50)
    WHEN 'LOW_INCOME_DUE' THEN CASE WHEN k[0] = 'LOW_INCOME' OR destitute THEN true
      WHEN destitute = false THEN k[0] = 'LOW_INCOME' END
    WHEN 'KIND_FIVE_GUARANTEES' THEN k[0] = 'FIVE_GUARANTEES'
    WHEN 'UNSAFE_HOUSING' THEN k[1] IN ['GRADE_C', 'GRADE_D']
    ELSE CASE WHEN stage IS NOT NULL THEN stage = need WHEN c[1] IN $notInSchool THEN false END END]] AS facts
WITH h, links, members, person, [one IN facts | CASE WHEN any(f IN one WHERE f = false) THEN false
  WHEN any(f IN one WHERE f IS NULL) THEN null ELSE true END] AS fits,
  [m IN having | [m,
    [at IN range(0, size($policies) - 1) WHERE $policies[at].person = (person <> '') AND any(t IN $policies[at].telling
      WHERE t[0] = m[1] AND m[2] CONTAINS t[1])],
    [at IN range(0, size($policies) - 1) WHERE $policies[at].person = (person <> '') AND any(t IN $policies[at].common
      WHERE t[0] = m[1] AND m[2] CONTAINS t[1])]]] AS matched
WITH h, links, members, person, fits, [x IN matched | x + [[at IN x[2] WHERE fits[at]],
  [at IN x[2] WHERE fits[at] AND $policies[at].amount = x[0][4]]]] AS matched
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
  [x IN under WHERE position IN x[1] AND (x[0][5] OR policy['standard'] IS NOT NULL OR x[0][3][1] IS NOT NULL)
    | x[0]] AS had,
  CASE WHEN policy['recorded'] IN ['LOW_INCOME', 'INSURED', 'MEDICAL_AID'] THEN [b IN members
    WHERE person = '' OR person = b[0] |
    [b[0], CASE policy['recorded'] WHEN 'LOW_INCOME' THEN b[1][5] WHEN 'INSURED' THEN b[1][6] ELSE b[1][7] END]]
      ELSE [] END AS records
WITH h, person, position, policy, fit, [r IN records WHERE r[1] = true | [r[0]]] AS recorded,
  person <> '' AND any(r IN records WHERE r[1] IS NULL) AS blank,
  [m IN had WHERE person = '' OR NOT m[6]] AS own, size(had) > 0 AS given_to,
  CASE policy['recorded'] WHEN 'BORROWED' THEN 'BORROWED_FROM' IN links WHEN 'ENTRUSTED' THEN 'ENTRUSTS_TO' IN links
    ELSE false END AS linked
WITH h, person, position, policy, fit, recorded, blank, own, given_to OR linked OR size(recorded) > 0 AS has
WITH h, person, position, policy, fit, recorded, blank, [m IN own | [m[0]]] AS measures, has,
  CASE WHEN size(own) > 0 OR NOT has THEN reduce(total = 0, m IN own | total + m[4]) END AS given,
  coalesce(policy['standard'], reduce(most = null, m IN own | CASE WHEN most IS NULL OR m[3][1] > most THEN m[3][1]
    ELSE most END)) AS standard
WITH h, person, position, policy, measures, given, standard, recorded,
  CASE WHEN fit = false AND (size(measures) > 0 OR (policy['recorded'] = 'LOW_INCOME' AND size(recorded) > 0))
    THEN 'UNDUE'
    WHEN NOT coalesce(fit, false) OR (blank AND NOT has) THEN null
    WHEN has AND given < standard THEN 'LESS'
    WHEN has THEN 'ANSWERED'
    WHEN policy['demand'] THEN 'AVAILABLE' ELSE 'MISSING' END AS answer
