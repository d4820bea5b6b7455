// Derived from the model by `graph-service schema --write`. Do not edit.

// Waiver · known
UNWIND $keys AS key MATCH (n:Waiver {waiver_no: key}) MATCH (n)<-[:OF]-(s:WaiverState {superseded: $open}) RETURN collect([key, s.recorded, [s.excepts, s.reason, s.by, s.begins_on, s.expires_on]]);

// Waiver · supersede
UNWIND $rows AS row MATCH (n:Waiver {waiver_no: row[0]}) MATCH (n)<-[:OF]-(s:WaiverState {superseded: $open}) WHERE s.recorded < $seq SET s.superseded = $seq;

// Waiver · create
UNWIND $rows AS row MERGE (n:Waiver {waiver_no: row[0]}) ON CREATE SET n.recorded = $seq CREATE (n)<-[:OF]-(s:WaiverState {excepts: row[3], reason: row[4], by: row[5], begins_on: row[6], expires_on: row[7], since: 10101, until: 99991231, recorded: $seq, superseded: $open, source: row[1], replaced: row[2]});
