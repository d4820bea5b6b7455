// 有登记数据的村 — Whether anything is recorded of the village v on any day: a yearly record, a household, or a merger
// into it. Where nothing is, no duty is owed: most villages of a province are passed by at once. Needs v.
EXISTS { MATCH (v)<-[:OF|LIVES_IN|POOR_IN|PREDECESSOR_OF]-() }
