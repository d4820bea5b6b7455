// 不可见 — Whether the project or asset n is outside the scope.
// Needs n, $scope (ranges that the user may see, null for all), $seq.
$scope IS NOT NULL AND NOT EXISTS { MATCH (n)-[l:LOCATED_IN]->(w:Area)
  WHERE known(l) AND any(r IN $scope WHERE w.code >= r[0] AND w.code < r[1]) }
