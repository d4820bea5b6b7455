// 户的政策落实 — Answers for the household h, for each requested policy and each person to whom it applies.
// Rows: position, policy, person ('' for the household), answer, measures, received, standard, recorded.
// Measures under a policy: a measure in name only belongs to none. A measure that names a policy of the list belongs to
// it. Otherwise a measure of the policy's kinds with one of its words in its content belongs to it: if a word (or kind)
// belongs to one policy alone (telling: 高中助学金), to that policy; if all its words belong to several policies
// (common: 生活补助), to the one whose conditions the person or household meets, such as the stage of education; if
// there are several such policies, to those with its amount, if any. If it is known that none applies, the answer is
// UNDUE, once, at the first policy of the list.
// Who receives a policy: a person, by measures of the person; a household, by its own measures or those of its members;
// or by other values of the register, depending on the policy (its `recorded`): LOW_INCOME, INSURED (by either
// insurance) or MEDICAL_AID on the person's own record, or for a household on that of any member (recorded lists them);
// BORROWED, ENTRUSTED by a link with an operator. It is unknown for a person without a measure whose record is blank
// there.
// A subsistence allowance that is only on a record is UNDUE if the household is known to be of another kind: either the
// kind or the record is wrong, and both belong to civil affairs. Otherwise values of the register make nothing UNDUE.
// A measure counts while it is in force; if the policy has a standard, also if it has ended in the year.
// received: sum of the measures in fen; null if an amount is unknown. standard: of the policy, or of the register's
// policy that they name.
// LOW_INCOME_DUE: the household is of that kind by its card; or, except 五保, it is below the poverty line of the
// card's year and has no member who can work. If either is unknown and the card does not state the kind, it is unknown.
// ILL: seriously ill, by the health conditions of the record or by an illness in the list of the policy. A healthy
// person is not; for others it is unknown.
// UNDUE: has measures of its own and a condition is known not to be met. If all conditions are met: LESS, receives it
// but received < standard; ANSWERED, receives it, or the household receives it for all; AVAILABLE, does not receive a
// policy that is granted on request; MISSING, does not receive it. null: conditions are unmet or unknown.
// Needs h, $asOf, $seq, $year, $policies (maps, as in policy_gaps), $names (of all policies), $positions, $stages,
// $notInSchool, $hollow, $lines ({since, until, amount}).
CALL (h) {
  WITH h,
    head(COLLECT { MATCH (h)<-[:OF]-(c:HouseholdYear) WHERE known(c) AND c.year <= $year
      RETURN {year: c.year, kind: c.kind, housing: c.housing, size: c.size, income: part(net_income)}
      ORDER BY c.year DESC LIMIT 1 }) AS card,
    COLLECT { MATCH (h)-[r:RECEIVES]->(m:Measure)<-[:OF]-(s:MeasureState)
      WHERE holds(r) AND known(s) AND coalesce(s.starts_on, $asOf) <= $asOf
      AND coalesce(s.ends_on, $asOf) >= $year * 10000 + 101
        AND NOT coalesce(s.content IN $hollow, false)
        AND NOT EXISTS { MATCH (m)<-[q:RECEIVES]-(:Person) WHERE holds(q) }
      WITH m, s, head(COLLECT { MATCH (m)-[u:UNDER]->(o:Policy)<-[:OF]-(t:PolicyState) WHERE holds(u) AND known(t)
        RETURN {policy_no: o.policy_no, amount: t.unit_amount} }) AS listed
      RETURN {measure_no: m.measure_no, kind: s.kind, content: coalesce(s.content, ''), policy_no: listed.policy_no,
        policy_amount: listed.amount, amount: s.amount, in_force: coalesce(s.ends_on, $asOf) >= $asOf, shared: true}
      ORDER BY m.measure_no } AS shared
  WITH h, card, shared,
    COLLECT { MATCH (h)-[r:BORROWED_FROM|ENTRUSTS_TO]->() WHERE part(link_valid) RETURN type(r) } AS links,
    COLLECT { MATCH (h)<-[b:MEMBER_OF]-(p:Person) WHERE holds(b)
      WITH p, head(COLLECT { MATCH (p)<-[:OF]-(y:PersonYear) WHERE known(y) AND y.year <= $year
          RETURN {health: y.health, in_school: y.in_school, born_on: y.born_on, illness: y.illness, sex: y.sex,
            LOW_INCOME: y.low_income, MEDICAL_AID: y.medical_aid, labour: y.labour,
            INSURED: CASE WHEN y.insured OR y.employee_insured THEN true WHEN y.insured = false THEN false END}
          ORDER BY y.year DESC LIMIT 1 }) AS record,
        COLLECT { MATCH (p)-[r:RECEIVES]->(m:Measure)<-[:OF]-(s:MeasureState)
          WHERE holds(r) AND known(s) AND coalesce(s.starts_on, $asOf) <= $asOf
          AND coalesce(s.ends_on, $asOf) >= $year * 10000 + 101
            AND NOT coalesce(s.content IN $hollow, false)
          WITH m, s, head(COLLECT { MATCH (m)-[u:UNDER]->(o:Policy)<-[:OF]-(t:PolicyState) WHERE holds(u) AND known(t)
            RETURN {policy_no: o.policy_no, amount: t.unit_amount} }) AS listed
          RETURN {measure_no: m.measure_no, kind: s.kind, content: coalesce(s.content, ''), policy_no: listed.policy_no,
            policy_amount: listed.amount, amount: s.amount, in_force: coalesce(s.ends_on, $asOf) >= $asOf,
            shared: false}
          ORDER BY m.measure_no } AS measures
      RETURN {person: p.person_no, record: record, measures: measures} ORDER BY p.person_no } AS members
  WITH h, card, shared, links, members,
    CASE WHEN any(b IN members WHERE NOT b.record.labour IN ['LOST', 'NONE']) THEN false
      WHEN size(members) > 0 AND none(b IN members WHERE b.record.labour IS NULL) THEN true END AS unable,
    card.income < coalesce(card.size, size(members)) * head([l IN $lines
      WHERE l.since <= card.year * 10000 + 1231 AND l.until >= card.year * 10000 + 1231]).amount AS below
  WITH h, card, links, members, unable AND below AND coalesce(card.kind <> 'FIVE_GUARANTEES', true) AS destitute,
    [b IN members | {person: b.person, record: b.record, measures: b.measures + shared}] +
    [{person: '', record: null, measures: reduce(all = shared, b IN members |
      all + [m IN b.measures WHERE NOT m.measure_no IN [x IN all | x.measure_no]])}] AS bearers
  UNWIND bearers AS bearer
  WITH h, card, links, members, destitute, bearer
  WHERE any(i IN $positions WHERE $policies[i].person = (bearer.person <> ''))
  WITH h, card, links, members, destitute, bearer.person AS person, bearer.record AS record,
    bearer.measures AS measures,
    head([s IN $stages WHERE s.state = bearer.record.in_school]).stage AS stage
  WITH h, links, members, person, measures,
    [policy IN $policies | [need IN policy.needs WHERE policy.person = (person <> '') | CASE need
      WHEN 'REGISTERED' THEN true
      WHEN 'ILLNESS' THEN CASE WHEN record.illness IS NULL THEN CASE WHEN record.health = ['HEALTHY'] THEN false END
        ELSE any(word IN policy.illness WHERE record.illness CONTAINS word) END
      WHEN 'ILL' THEN CASE WHEN 'SERIOUS_ILLNESS' IN record.health
        OR any(word IN policy.illness WHERE record.illness CONTAINS word) THEN true
        WHEN record.health = ['HEALTHY'] AND record.illness IS NULL THEN false END
      WHEN 'DISABLED' THEN 'DISABLED' IN record.health
      WHEN 'AGE_0_6' THEN ($asOf - record.born_on) / 10000 < 7
      WHEN 'WOMAN_15_49' THEN record.sex = 'FEMALE' AND ($asOf - record.born_on) / 10000 >= 15
        AND ($asOf - record.born_on) / 10000 < 50
      WHEN 'MOTHER_OR_CHILD' THEN ($asOf - record.born_on) / 10000 < 7
        OR (record.sex = 'FEMALE' AND ($asOf - record.born_on) / 10000 >= 15 AND ($asOf - record.born_on) / 10000 < 50)
      WHEN 'LOW_INCOME_DUE' THEN CASE WHEN card.kind = 'LOW_INCOME' OR destitute THEN true
        WHEN destitute = false THEN card.kind = 'LOW_INCOME' END
      WHEN 'KIND_FIVE_GUARANTEES' THEN card.kind = 'FIVE_GUARANTEES'
      WHEN 'UNSAFE_HOUSING' THEN card.housing IN ['GRADE_C', 'GRADE_D']
      ELSE CASE WHEN stage IS NOT NULL THEN stage = need WHEN record.in_school IN $notInSchool THEN false END END]]
    AS facts
  WITH h, links, members, person, [policy_facts IN facts | CASE WHEN any(f IN policy_facts WHERE f = false) THEN false
    WHEN any(f IN policy_facts WHERE f IS NULL) THEN null ELSE true END] AS fits,
    [m IN measures | {measure: m,
      telling: [i IN range(0, size($policies) - 1) WHERE $policies[i].person = (person <> '')
        AND any(t IN $policies[i].telling WHERE t.kind = m.kind AND m.content CONTAINS t.word)],
      common: [i IN range(0, size($policies) - 1) WHERE $policies[i].person = (person <> '')
        AND any(t IN $policies[i].common WHERE t.kind = m.kind AND m.content CONTAINS t.word)]}] AS matches
  WITH h, links, members, person, fits, [x IN matches | {measure: x.measure, telling: x.telling, common: x.common,
    fitting: [i IN x.common WHERE fits[i]],
    same_amount: [i IN x.common WHERE fits[i] AND $policies[i].amount = x.measure.amount]}] AS matches
  WITH h, links, members, person, fits, [x IN matches | {measure: x.measure, policies: CASE
    WHEN x.measure.policy_no IN $names THEN [i IN range(0, size($policies) - 1)
      WHERE $policies[i].name = x.measure.policy_no]
    WHEN size(x.telling) > 0 THEN x.telling
    WHEN size(x.same_amount) > 0 THEN x.same_amount
    WHEN size(x.fitting) > 0 THEN x.fitting
    WHEN any(i IN x.common WHERE fits[i] IS NULL) THEN []
    ELSE x.common[0..1] END}] AS matches
  UNWIND $positions AS position
  WITH h, links, members, person, position, $policies[position] AS policy, fits[position] AS fit, matches
  WHERE policy.person = (person <> '')
  WITH h, links, person, position, policy, fit,
    [x IN matches WHERE position IN x.policies AND (x.measure.in_force OR policy.standard IS NOT NULL
      OR x.measure.policy_amount IS NOT NULL) | x.measure] AS policy_measures,
    CASE WHEN policy.recorded IN ['LOW_INCOME', 'INSURED', 'MEDICAL_AID'] THEN [b IN members
      WHERE person = '' OR person = b.person | {person: b.person, receives: b.record[policy.recorded]}]
      ELSE [] END AS records
  WITH h, person, position, policy, fit, [r IN records WHERE r.receives = true | [r.person]] AS recorded,
    person <> '' AND any(r IN records WHERE r.receives IS NULL) AS blank,
    [m IN policy_measures WHERE person = '' OR NOT m.shared] AS own, size(policy_measures) > 0 AS is_supported,
    CASE policy.recorded WHEN 'BORROWED' THEN 'BORROWED_FROM' IN links WHEN 'ENTRUSTED' THEN 'ENTRUSTS_TO' IN links
      ELSE false END AS linked
  WITH h, person, position, policy, fit, recorded, blank, own, is_supported OR linked OR size(recorded) > 0 AS has
  WITH h, person, position, policy, fit, recorded, blank, [m IN own | [m.measure_no]] AS measures, has,
    CASE WHEN size(own) > 0 OR NOT has THEN reduce(total = 0, m IN own | total + m.amount) END AS received,
    coalesce(policy.standard, reduce(largest = null, m IN own | CASE WHEN largest IS NULL OR m.policy_amount > largest
      THEN m.policy_amount ELSE largest END)) AS standard
  WITH h, person, position, policy, measures, received, standard, recorded,
    CASE WHEN fit = false AND (size(measures) > 0 OR (policy.recorded = 'LOW_INCOME' AND size(recorded) > 0))
      THEN 'UNDUE'
      WHEN NOT coalesce(fit, false) OR (blank AND NOT has) THEN null
      WHEN has AND received < standard THEN 'LESS'
      WHEN has THEN 'ANSWERED'
      WHEN policy.demand THEN 'AVAILABLE' ELSE 'MISSING' END AS answer
  RETURN person, position, policy, measures, received, standard, recorded, answer
}
