package io.millrace.broker.stream;

import io.millrace.broker.market.MarketState;
import io.millrace.broker.placement.Forecast;
import io.millrace.schemas.MarketForecast;
import io.millrace.schemas.MarketMeta;
import org.jspecify.annotations.Nullable;

/** {@link MarketState.Meta} and its Avro record. */
final class MetaCodec {
    private MetaCodec() {}

    /** With a forecast that may be kept elsewhere. */
    static MarketMeta write(String marketId, MarketState.Meta meta, @Nullable MarketForecast forecast) {
        return new MarketMeta(
                marketId, meta.sequence(), meta.timeMillis(), meta.hourEndMillis(), meta.halted(), forecast);
    }

    static MarketState.Meta read(MarketMeta meta, Forecast forecast) {
        return new MarketState.Meta(
                meta.getSequence(), meta.getTimeMillis(), meta.getHourEndMillis(), meta.getHalted(), forecast);
    }
}
