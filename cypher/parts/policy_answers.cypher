// 户的政策落实 — For the household h, each policy asked for and whom it is for: position, policy, person ('' = the household), answer, given.
// Needs h, $asOf, $seq, $year, $policies ([name, for a person, facts needed, illnesses, kinds, words]), $positions, $stages, $notInSchool.
// A measure in force is under a policy where it says so, or is of its kinds with one of its words in its content.
// MISSING: all facts are so, and neither the person nor the household has such a measure. UNDUE: it has (given), and a fact is known to be
// otherwise. ANSWERED: all facts are so, and it has. null: facts are not so, or not known.
WITH h,
  head(COLLECT { MATCH (h)<-[:OF]-(y:HouseholdYear) WHERE known(y) AND y.year <= $year RETURN [y.kind, y.housing] ORDER BY y.year DESC LIMIT 1 }) AS k,
  COLLECT { MATCH (h)-[r:RECEIVES]->(m:Measure)<-[:OF]-(s:MeasureState) WHERE holds(r) AND known(s) AND coalesce(s.starts_on, $asOf) <= $asOf AND coalesce(s.ends_on, $asOf) >= $asOf
      AND NOT EXISTS { MATCH (m)<-[q:RECEIVES]-(:Person) WHERE holds(q) }
    RETURN [m.measure_no, s.kind, coalesce(s.content, ''), head(COLLECT { MATCH (m)-[u:UNDER]->(o:Policy) WHERE holds(u) RETURN o.policy_no })] ORDER BY m.measure_no } AS shared
WITH h, k, shared,
  COLLECT { MATCH (h)<-[b:MEMBER_OF]-(p:Person) WHERE holds(b)
    RETURN [p.person_no,
      head(COLLECT { MATCH (p)<-[:OF]-(y:PersonYear) WHERE known(y) AND y.year <= $year RETURN [y.health, y.in_school, y.born_on, y.illness] ORDER BY y.year DESC LIMIT 1 }),
      COLLECT { MATCH (p)-[r:RECEIVES]->(m:Measure)<-[:OF]-(s:MeasureState) WHERE holds(r) AND known(s) AND coalesce(s.starts_on, $asOf) <= $asOf AND coalesce(s.ends_on, $asOf) >= $asOf
        RETURN [m.measure_no, s.kind, coalesce(s.content, ''), head(COLLECT { MATCH (m)-[u:UNDER]->(o:Policy) WHERE holds(u) RETURN o.policy_no })] ORDER BY m.measure_no }] ORDER BY p.person_no } + [['', null, []]] AS bearers
UNWIND bearers AS who
WITH h, k, shared, who[0] AS person, who[1] AS c, who[2] AS own
UNWIND $positions AS position
WITH h, k, person, c, position, $policies[position] AS policy, own, shared
WHERE policy[1] = (person <> '')
WITH h, person, position, policy, CASE WHEN person = '' THEN shared ELSE own END AS own, shared,
  [need IN policy[2] | CASE need
    WHEN 'REGISTERED' THEN true
    WHEN 'ILLNESS' THEN CASE WHEN c[3] IS NULL THEN CASE WHEN c[0] = ['HEALTHY'] THEN false END ELSE any(word IN policy[3] WHERE c[3] CONTAINS word) END
    WHEN 'DISABLED' THEN 'DISABLED' IN c[0]
    WHEN 'AGE_0_6' THEN ($asOf - c[2]) / 10000 < 7
    WHEN 'KIND_LOW_INCOME' THEN k[0] = 'LOW_INCOME'
    WHEN 'KIND_FIVE_GUARANTEES' THEN k[0] = 'FIVE_GUARANTEES'
    WHEN 'UNSAFE_HOUSING' THEN k[1] IN ['GRADE_C', 'GRADE_D']
    ELSE CASE WHEN any(s IN $stages WHERE s[0] = c[1]) THEN any(s IN $stages WHERE s[0] = c[1] AND s[1] = need) WHEN c[1] IN $notInSchool THEN false END END] AS facts
WITH h, person, position, policy, facts,
  [m IN own WHERE m[3] = policy[0] OR (m[1] IN policy[4] AND (size(policy[5]) = 0 OR any(word IN policy[5] WHERE m[2] CONTAINS word))) | [m[0]]] AS given,
  any(m IN shared WHERE m[3] = policy[0] OR (m[1] IN policy[4] AND (size(policy[5]) = 0 OR any(word IN policy[5] WHERE m[2] CONTAINS word)))) AS covered
WITH h, person, position, policy, given,
  CASE WHEN size(given) > 0 AND any(fact IN facts WHERE NOT coalesce(fact, true)) THEN 'UNDUE'
    WHEN size(facts) = 0 OR any(fact IN facts WHERE NOT coalesce(fact, false)) THEN null
    WHEN size(given) > 0 OR covered THEN 'ANSWERED' ELSE 'MISSING' END AS answer
