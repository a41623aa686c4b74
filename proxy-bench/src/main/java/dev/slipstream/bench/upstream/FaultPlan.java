package dev.slipstream.bench.upstream;

import java.util.List;

/**
 * What goes wrong by itself with requests to models; one whose directives ask for a fault of their own has that one alone.
 * Immutable.
 *
 * @param evenStatus of those that fail evenly, 400 to 599
 * @param evenRate their share, 0 to 1; without chance: of n requests, floor(n × rate) fail
 * @param shares what else happens, by chance; a request meets one of them at most, so that the shares come to 1 at most
 */
public record FaultPlan(int evenStatus, double evenRate, List<Fault> shares) {
    static final FaultPlan NONE = new FaultPlan(500, 0, List.of());

    public FaultPlan {
        shares = List.copyOf(shares);
        if (evenStatus < 400 || evenStatus > 599) {
            throw new IllegalArgumentException("errorStatus must be within 400 to 599, not " + evenStatus);
        }
        if (!(evenRate >= 0 && evenRate <= 1)) {
            throw new IllegalArgumentException("errorRate must be within 0 to 1, not " + evenRate);
        }
        double all = shares.stream().mapToDouble(Fault::share).sum();
        if (all > 1 + 1e-9) {
            throw new IllegalArgumentException("the shares of the faults come to more than 1: " + all);
        }
    }

    /** @param number of the request, from 1 */
    void apply(long number, Behaviour behaviour) {
        if (behaviour.isFaulty()) {
            return;
        }
        if (Math.floor(number * evenRate) > Math.floor((number - 1) * evenRate)) {
            behaviour.status = evenStatus;
            return;
        }
        if (shares.isEmpty()) {
            return;
        }
        double at = behaviour.random().nextDouble();
        for (Fault fault : shares) {
            at -= fault.share();
            if (at < 0) {
                fault.apply(behaviour);
                return;
            }
        }
    }
}
