// Derived from the model by `graph-service schema --write`. Do not edit.

// Policy · known
UNWIND $keys AS key MATCH (n:Policy {policy_no: key}) MATCH (n)<-[:OF]-(s:PolicyState {superseded: $open}) RETURN collect([key, s.recorded, [s.name, s.plan, s.batch, s.unit_amount]]);

// Policy · supersede
UNWIND $rows AS row MATCH (n:Policy {policy_no: row[0]}) MATCH (n)<-[:OF]-(s:PolicyState {superseded: $open}) WHERE s.recorded < $seq SET s.superseded = $seq;

// Policy · create
UNWIND $rows AS row MERGE (n:Policy {policy_no: row[0]}) ON CREATE SET n.recorded = $seq CREATE (n)<-[:OF]-(s:PolicyState {name: row[3], plan: row[4], batch: row[5], unit_amount: row[6], name_pinyin: row[7], name_initials: row[8], since: 10101, until: 99991231, recorded: $seq, superseded: $open, source: row[1], replaced: row[2]});
