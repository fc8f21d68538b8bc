package io.millrace.broker.stream;

import io.millrace.broker.placement.Forecast;
import io.millrace.schemas.ExpectedShape;
import io.millrace.schemas.MarketForecast;

/** {@link Forecast} and the record that the market's store keeps of it. */
final class ForecastCodec {
    private ForecastCodec() {}

    static Forecast read(MarketForecast forecast) {
        return new Forecast(
                forecast.getExpected().stream().map(ForecastCodec::read).toList(),
                forecast.getTurnoverMillionths(),
                forecast.getSpacing(),
                forecast.getDueAtSequence());
    }

    private static Forecast.Expected read(ExpectedShape shape) {
        return new Forecast.Expected(
                shape.getKind() == null ? null : SpecCodec.kind(shape.getKind()),
                shape.getModels(),
                shape.getDevices(),
                shape.getMilliPerDevice(),
                shape.getCpuMillicores(),
                shape.getMemoryMib(),
                shape.getShareMillionths(),
                shape.getWeight());
    }

    static MarketForecast write(Forecast forecast) {
        return new MarketForecast(
                forecast.expected().stream().map(ForecastCodec::write).toList(),
                forecast.spacing(),
                forecast.dueAtSequence(),
                forecast.turnoverMillionths());
    }

    private static ExpectedShape write(Forecast.Expected shape) {
        return new ExpectedShape(
                shape.kind() == null ? null : SpecCodec.kind(shape.kind()),
                shape.models(),
                shape.devices(),
                shape.milliPerDevice(),
                shape.cpuMillicores(),
                shape.memoryMib(),
                shape.shareMillionths(),
                shape.weight());
    }
}
