// Derived from the model by `graph-service schema --write`. Do not edit.

// AreaYear · known
UNWIND $keys AS key MATCH (o:Area {code: key[0]}) MATCH (o)<-[:OF]-(s:AreaYear {year: key[1], superseded: $open}) RETURN collect([key, s.recorded, [s.population, s.central_school, s.clinic, s.service_centre, s.wrongly_exited, s.missed, s.satisfaction, s.poor, s.exit_year]]);

// AreaYear · supersede
UNWIND $rows AS row MATCH (o:Area {code: row[0]}) MATCH (o)<-[:OF]-(s:AreaYear {year: row[1], superseded: $open}) WHERE s.recorded < $seq SET s.superseded = $seq;

// AreaYear · create
UNWIND $rows AS row MATCH (o:Area {code: row[0]}) CREATE (o)<-[:OF]-(s:AreaYear {year: row[1], population: row[4], central_school: row[5], clinic: row[6], service_centre: row[7], wrongly_exited: row[8], missed: row[9], satisfaction: row[10], poor: row[11], exit_year: row[12], since: row[1] * 10000 + 101, until: row[1] * 10000 + 1231, recorded: $seq, superseded: $open, source: row[2], replaced: row[3]});
