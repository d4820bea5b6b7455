// 劳动力 — Labour of the member p of the household h; only if able to work and of working age.
// age; capacity; idle: whether there is neither work nor a measure for it. A measure is one of the person, or a
// public-welfare post of the household without a named member.
// Needs h, p, $asOf, $seq, $year, $labour, $ages, $notInSchool, $hollow.
WITH h, p, head(COLLECT { MATCH (p)<-[:OF]-(y:PersonYear) WHERE known(y) AND y.year <= $year
  RETURN [y.labour, y.born_on, y.sex, y.in_school, y.months_worked] ORDER BY y.year DESC LIMIT 1 }) AS c
WHERE c[0] IN $labour AND (c[3] IS NULL OR c[3] IN $notInSchool)
WITH h, p, c, c[0] AS capacity, ($asOf - c[1]) / 10000 AS age
WHERE any(a IN $ages WHERE a[0] = coalesce(c[2], a[0]) AND a[1] <= age AND a[2] >= age)
WITH h, p, age, capacity,
  coalesce(c[4] = 0, false) AND NOT EXISTS { MATCH (p)<-[e:EMPLOYS]-() WHERE holds(e) }
  AND NOT EXISTS { MATCH (p)-[r:RECEIVES]->(:Measure)<-[:OF]-(s:MeasureState)
    WHERE holds(r) AND known(s) AND s.kind IN ['EMPLOYMENT', 'PUBLIC_POST']
    AND NOT coalesce(s.content IN $hollow, false)
    AND coalesce(s.starts_on, $asOf) <= $asOf AND coalesce(s.ends_on, $asOf) >= $asOf }
  AND NOT EXISTS { MATCH (h)-[r:RECEIVES]->(m:Measure)<-[:OF]-(s:MeasureState)
    WHERE holds(r) AND known(s) AND s.kind = 'PUBLIC_POST' AND NOT coalesce(s.content IN $hollow, false)
    AND coalesce(s.starts_on, $asOf) <= $asOf AND coalesce(s.ends_on, $asOf) >= $asOf AND NOT EXISTS {
      MATCH (m)<-[q:RECEIVES]-(:Person) WHERE holds(q) } } AS idle
