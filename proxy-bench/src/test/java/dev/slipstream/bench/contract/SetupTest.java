package dev.slipstream.bench.contract;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;

class SetupTest {
    @Test
    void everyPairOfChoicesOccursInTheSmallPart() {
        Set<String> all = new HashSet<>();
        Setup.all().forEach(each -> all.addAll(each.pairs()));
        Set<String> covered = new HashSet<>();
        List<Setup> pairwise = Setup.pairwise();
        pairwise.forEach(each -> covered.addAll(each.pairs()));
        assertEquals(all, covered);
        assertTrue(pairwise.size() < Setup.all().size(), pairwise.toString());
    }

    @Test
    void eachHalfOfTheSmallPartHasEveryChoice() {
        for (int which = 0; which < 2; which++) {
            List<Setup> half = Setup.half(which);
            for (Setup each : Setup.all()) {
                for (String choice : each.toString().split(", ", -1)) {
                    assertTrue(
                            half.stream()
                                    .anyMatch(one -> List.of(one.toString().split(", ", -1))
                                            .contains(choice)),
                            choice + " in " + half);
                }
            }
            // scripts/test runs them all, each time.
            assertTrue(half.size() <= 8, half.toString());
        }
        Set<Setup> both = new HashSet<>(Setup.half(0));
        both.addAll(Setup.half(1));
        assertEquals(Setup.half(0).size() + Setup.half(1).size(), both.size(), "in both: " + both);
    }

    @Test
    void nothingIsLeftOutOfTheWhole() {
        int clients = ClientKind.values().length;
        int providers = ProviderKind.values().length;
        assertEquals(clients * providers * 2 * 2, new HashSet<>(Setup.all()).size());
    }
}
