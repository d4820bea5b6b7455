// 逐项判断 — Each predicate of a standard against the facts, as rows [predicate, true, false or null (not known), value, evidence].
// Needs facts ([predicate, value, evidence]), $predicates ([predicate, comparison, threshold]).
[q IN $predicates | [q[0], CASE q[1]
  WHEN 'TRUE' THEN head([f IN facts WHERE f[0] = q[0]])[1]
  WHEN 'ABOVE' THEN head([f IN facts WHERE f[0] = q[0]])[1] > q[2]
  WHEN 'BELOW' THEN head([f IN facts WHERE f[0] = q[0]])[1] < q[2]
  ELSE head([f IN facts WHERE f[0] = q[0]])[1] <= q[2] END,
  head([f IN facts WHERE f[0] = q[0]])[1], head([f IN facts WHERE f[0] = q[0]])[2]]]
