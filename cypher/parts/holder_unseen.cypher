// 持有人不可见 — Whether h, who holds or receives something, lies outside of $scope: ranges that the asker may see, null = all of them.
// Operators are public. Needs $asOf, $seq.
CASE WHEN $scope IS NULL THEN false
  WHEN h.person_no IS NOT NULL THEN NOT EXISTS { MATCH (h)-[member:MEMBER_OF]->(:Household)-[lives:LIVES_IN]->(v:Village) WHERE holds(member) AND holds(lives) AND any(a IN $scope WHERE v.code >= a[0] AND v.code < a[1]) }
  WHEN h.code IS NOT NULL THEN none(a IN $scope WHERE h.code >= a[0] AND h.code < a[1])
  WHEN h.card_no IS NULL THEN false
  ELSE NOT EXISTS { MATCH (h)-[lives:LIVES_IN]->(v:Village) WHERE holds(lives) AND any(a IN $scope WHERE v.code >= a[0] AND v.code < a[1]) } END
