// 劳动力 — Labour of the member p of the household h; only if able to work and of working age.
// age; capacity; idle: whether there is neither work nor a measure for it. A measure is one of the person, or a
// public-welfare post of the household without a named member.
// Needs h, p, $asOf, $seq, $year, $labour, $ages ({sex, from_age, until_age}), $notInSchool, $hollow.
CALL (h, p) {
  WITH h, p, head(COLLECT { MATCH (p)<-[:OF]-(y:PersonYear) WHERE known(y) AND y.year <= $year
    RETURN {labour: y.labour, born_on: y.born_on, sex: y.sex, in_school: y.in_school, months_worked: y.months_worked}
    ORDER BY y.year DESC LIMIT 1 }) AS record
  WHERE record.labour IN $labour AND (record.in_school IS NULL OR record.in_school IN $notInSchool)
  WITH h, p, record, record.labour AS capacity, ($asOf - record.born_on) / 10000 AS age
  WHERE any(a IN $ages WHERE a.sex = coalesce(record.sex, a.sex) AND a.from_age <= age AND a.until_age >= age)
  WITH h, p, age, capacity,
    coalesce(record.months_worked = 0, false) AND NOT EXISTS { MATCH (p)<-[e:EMPLOYS]-() WHERE holds(e) }
    AND NOT EXISTS { MATCH (p)-[r:RECEIVES]->(:Measure)<-[:OF]-(s:MeasureState)
      WHERE holds(r) AND known(s) AND s.kind IN ['EMPLOYMENT', 'PUBLIC_POST']
      AND NOT coalesce(s.content IN $hollow, false)
      AND coalesce(s.starts_on, $asOf) <= $asOf AND coalesce(s.ends_on, $asOf) >= $asOf }
    AND NOT EXISTS { MATCH (h)-[r:RECEIVES]->(m:Measure)<-[:OF]-(s:MeasureState)
      WHERE holds(r) AND known(s) AND s.kind = 'PUBLIC_POST' AND NOT coalesce(s.content IN $hollow, false)
      AND coalesce(s.starts_on, $asOf) <= $asOf AND coalesce(s.ends_on, $asOf) >= $asOf AND NOT EXISTS {
        MATCH (m)<-[q:RECEIVES]-(:Person) WHERE holds(q) } } AS idle
  RETURN age, capacity, idle
}
