// 持有人不可见 — Whether the holder or recipient h is outside the scope. Operators are public.
// Needs h, $scope (ranges that the user may see, null for all), $asOf, $seq.
CASE WHEN $scope IS NULL THEN false
  WHEN h.person_no IS NOT NULL THEN NOT EXISTS {
    MATCH (h)-[belongs:MEMBER_OF]->(:Household)-[living:LIVES_IN]->(home:Village)
    WHERE holds(belongs) AND holds(living) AND any(a IN $scope WHERE home.code >= a[0] AND home.code < a[1]) }
  WHEN h.code IS NOT NULL THEN none(a IN $scope WHERE h.code >= a[0] AND h.code < a[1])
  WHEN h.card_no IS NULL THEN false
  ELSE NOT EXISTS { MATCH (h)-[living:LIVES_IN]->(home:Village)
    WHERE holds(living) AND any(a IN $scope WHERE home.code >= a[0] AND home.code < a[1]) } END
