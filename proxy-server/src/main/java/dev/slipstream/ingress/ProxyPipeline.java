package dev.slipstream.ingress;

import dev.slipstream.dispatch.DispatchHandler;
import dev.slipstream.exchange.CurrentConfig;
import dev.slipstream.exchange.ExchangeHandler;
import dev.slipstream.exchange.ExchangePool;
import dev.slipstream.limit.Limits;
import dev.slipstream.loop.Loop;
import dev.slipstream.metrics.Stage;
import dev.slipstream.stage.AdmissionHandler;
import dev.slipstream.stage.AuthHandler;
import dev.slipstream.stage.BodyScanHandler;
import dev.slipstream.stage.CacheHandler;
import dev.slipstream.stage.QuotaHandler;
import dev.slipstream.stage.RouteHandler;
import dev.slipstream.tls.ServerTls;
import dev.slipstream.transform.LoopTransforms;
import dev.slipstream.upstream.UpstreamPools;
import io.netty.channel.Channel;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelPipeline;
import java.util.List;

/**
 * The list of stages: what a client connection of one loop is made of, in the order in which a request meets it. One
 * instance of each stage serves all connections of the loop; the ingress is each connection's own.
 */
public final class ProxyPipeline {
    /** What clients that speak TLS are offered, by the names ALPN has, in order of preference. */
    public static List<String> tlsProtocols(boolean http2) {
        return ClientProtocol.onTls(http2).stream().map(ClientProtocol::alpn).toList();
    }

    /** A stage, and the histogram its time goes into. */
    record Step(Stage stage, ExchangeHandler handler) {}

    private final Loop loop;
    private final ExchangePool exchanges;
    private final CurrentConfig current;
    private final Limits limits;
    private final List<Step> steps;
    private final TlsFaults tlsFaults = new TlsFaults();

    public ProxyPipeline(Loop loop, ExchangePool exchanges, CurrentConfig current, Limits limits, UpstreamPools pools) {
        this.loop = loop;
        this.exchanges = exchanges;
        this.current = current;
        this.limits = limits;
        LoopTransforms transforms = LoopTransforms.of(limits);
        this.steps = List.of(
                new Step(Stage.AUTH, new AuthHandler()),
                new Step(Stage.ADMISSION, new AdmissionHandler(limits.inFlight(), limits.memory())),
                new Step(Stage.BODY_SCAN, new BodyScanHandler(limits.heldBytes())),
                new Step(Stage.ROUTE, new RouteHandler(current, limits.heldBytes(), transforms)),
                new Step(Stage.QUOTA, new QuotaHandler()),
                new Step(Stage.CACHE, new CacheHandler()),
                new Step(Stage.DISPATCH, new DispatchHandler(pools, limits, transforms)));
    }

    /** Makes {@code channel}, which lives on this loop, a client connection; its first bytes tell what it speaks. */
    public void addTo(Channel channel) {
        channel.pipeline().addLast(Ingress.NAME, new FirstBytes(this, loop, current));
    }

    /** As {@link #addTo}, of a client that must speak TLS; ALPN tells what it speaks on it. */
    public void addTo(Channel channel, ServerTls tls) {
        channel.pipeline()
                .addLast(ServerTls.NAME, tls.newHandler())
                .addLast("tls faults", tlsFaults)
                .addLast(Ingress.NAME, new TlsHandshaking(this, loop, current, tls));
    }

    /** Puts the ingress of {@code protocol} in the place of {@code placeholder}, and the stages behind it. */
    void become(ChannelHandlerContext placeholder, ClientProtocol protocol) {
        ChannelPipeline pipeline = placeholder.pipeline();
        for (Step step : steps) {
            pipeline.addLast(step.stage().label(), step.handler());
        }
        pipeline.replace(
                placeholder.handler(),
                Ingress.NAME,
                switch (protocol) {
                    case HTTP_1_1 -> new H1Ingress(loop, exchanges, current);
                    case HTTP_2 -> H2Ingress.of(loop, exchanges, current, limits.heldBytes());
                });
    }

    /** The stages in order; for the test that holds them and {@link Stage} together. */
    List<Step> steps() {
        return steps;
    }
}
