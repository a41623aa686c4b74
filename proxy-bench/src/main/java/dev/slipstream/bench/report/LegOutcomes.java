package dev.slipstream.bench.report;

import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * What became of each leg's requests, from the CSV that the load generator writes: a line for each run and time, of runs that are
 * named {@code LEG.ROUND} or {@code LEG}. Runs that were refused are not in a leg's histograms, and not counted here.
 */
final class LegOutcomes {
    /** Of the runs that count, and why those that do not were refused. */
    private static final class Leg {
        private long requests;
        private long ok;
        private boolean counted;
        private String refused = "";
    }

    private final Map<String, Leg> legs = new HashMap<>();

    void add(CsvTable table) {
        int name = table.column("name");
        int metric = table.column("metric");
        int requests = table.column("requests");
        int ok = table.column("ok");
        int refused = table.column("refused");
        if (name < 0 || metric < 0 || requests < 0 || ok < 0 || refused < 0) {
            return;
        }
        for (var row : table.rows()) {
            String run = row.get(name);
            int dot = run.lastIndexOf('.');
            boolean isRound = dot > 0 && run.substring(dot + 1).chars().allMatch(Character::isDigit);
            String key = (isRound ? run.substring(0, dot) : run) + "\n" + row.get(metric);
            Leg leg = legs.computeIfAbsent(key, any -> new Leg());
            if (row.get(refused).isEmpty()) {
                leg.requests += (long) CsvTable.number(row.get(requests));
                leg.ok += (long) CsvTable.number(row.get(ok));
                leg.counted = true;
            } else {
                leg.refused = row.get(refused);
            }
        }
    }

    /** Whether it is known what became of them. */
    boolean knows(String leg, String metric) {
        return legs.containsKey(leg + "\n" + metric);
    }

    long failed(String leg, String metric) {
        Leg found = legs.get(leg + "\n" + metric);
        return found == null ? 0 : Math.max(0, found.requests - found.ok);
    }

    /** Why the leg has no percentiles; empty: it has, or nothing is known. */
    String refused(String leg, String metric) {
        Leg found = legs.get(leg + "\n" + metric);
        return found == null || found.counted ? "" : found.refused;
    }

    /** Legs that have no percentiles at all, in the order of their names. */
    List<String> refusedLegs(String metric) {
        return legs.entrySet().stream()
                .filter(leg -> leg.getKey().endsWith("\n" + metric) && !leg.getValue().counted)
                .map(leg -> leg.getKey().substring(0, leg.getKey().indexOf('\n')))
                .sorted()
                .toList();
    }
}
