// 编号对应的对象 — Labels of the nodes with a number: fund, bank, project, operator, asset, household, person, village.
// If several nodes have the number, there is a row for each label.
// @params key, seq
// @returns label
CALL () {
  MATCH (n:Fund {fund_no: $key}) WHERE n.recorded <= $seq RETURN 'Fund' AS label
UNION
  MATCH (n:Bank {bank_no: $key}) WHERE n.recorded <= $seq RETURN 'Bank' AS label
UNION
  MATCH (n:Project {project_no: $key}) WHERE n.recorded <= $seq RETURN 'Project' AS label
UNION
  MATCH (n:Enterprise {uscc: $key}) WHERE n.recorded <= $seq RETURN 'Enterprise' AS label
UNION
  MATCH (n:Cooperative {uscc: $key}) WHERE n.recorded <= $seq RETURN 'Cooperative' AS label
UNION
  MATCH (n:Asset {asset_no: $key}) WHERE n.recorded <= $seq RETURN 'Asset' AS label
UNION
  MATCH (n:Household {card_no: $key}) WHERE n.recorded <= $seq RETURN 'Household' AS label
UNION
  MATCH (n:Person {person_no: $key}) WHERE n.recorded <= $seq RETURN 'Person' AS label
UNION
  MATCH (n:Village {code: $key}) WHERE n.recorded <= $seq RETURN 'Village' AS label
}
RETURN label
ORDER BY label
