package io.millrace.broker.market;

import io.millrace.broker.placement.GrantText;
import java.util.List;

/** Events in a line each, as tables expect them; times count from the start of the test, as h:mm:ss. */
final class EventText {
    private EventText() {}

    static List<String> of(List<Event> events) {
        return events.stream().map(EventText::of).toList();
    }

    static String of(Event event) {
        return switch (event) {
            case Event.Allocated e ->
                "allocated %s#%d on %s until %s"
                        .formatted(
                                e.requestId(), e.allocationNumber(), GrantText.of(e.grants()), time(e.endsAtMillis()));
            case Event.Queued e ->
                "queued %s %s until %s with %s left"
                        .formatted(e.requestId(), e.reason(), time(e.waitsUntilMillis()), time(e.remainingMillis()));
            case Event.Held e ->
                "held %s on %s until %s".formatted(e.requestId(), GrantText.of(e.grants()), time(e.heldUntilMillis()));
            case Event.Refused e -> "refused %s %s".formatted(e.requestId(), e.reason());
            case Event.Deflected e -> "deflected %s %s at attempt %d".formatted(e.requestId(), e.reason(), e.attempt());
            case Event.Ended e ->
                "ended %s#%d %s at %s"
                        .formatted(
                                e.requestId(),
                                e.allocationNumber(),
                                e.reason() == Reason.NONE ? e.cause() : e.cause() + " " + e.reason(),
                                time(e.endedAtMillis()));
            case Event.Cancelled e -> "cancelled " + e.requestId();
            case Event.Extended e -> "extended %s until %s".formatted(e.requestId(), time(e.endsAtMillis()));
            case Event.PreemptionNoticed e ->
                "notice to %s until %s with %s left"
                        .formatted(e.requestId(), time(e.endsAtMillis()), time(e.remainingMillis()));
            case Event.CommandRefused e -> "%s of %s: %s".formatted(e.action(), e.requestId(), e.reason());
            case Event.AnswerRepeated e -> "repeated " + e.requestId();
            case Event.NodeUpdated e ->
                "node %s %s".formatted(e.offer().nodeId(), e.offer().status());
            case Event.NodeOversold e ->
                "oversold %s by %d milli-devices, %d millicores, %d MiB%s: revoking %s"
                        .formatted(
                                e.nodeId(),
                                e.excessMilliDevices(),
                                e.excessCpuMillicores(),
                                e.excessMemoryMib(),
                                e.excessStorage().isNone() ? "" : ", " + e.excessStorage(),
                                e.revokedRequestIds());
            case Event.HourClosed e -> "hour closed " + time(e.hourEndMillis());
            case Event.Forgotten e ->
                "forgotten before " + time(e.endedBeforeMillis())
                        + (e.nodesObservedBeforeMillis() == 0
                                ? ""
                                : ", nodes before " + time(e.nodesObservedBeforeMillis()));
            case Event.MarketHalted e -> "halted: " + e.detail();
        };
    }

    static String time(long millis) {
        long seconds = Math.floorDiv(millis, 1000);
        String text = "%d:%02d:%02d".formatted(seconds / 3600, seconds / 60 % 60, seconds % 60);
        return millis % 1000 == 0 ? text : text + ".%03d".formatted(millis % 1000);
    }

    /** Milliseconds of a time as {@link #time} writes it. */
    static long millis(String time) {
        String[] parts = time.split("[:.]", -1);
        long seconds = Long.parseLong(parts[0]) * 3600 + Long.parseLong(parts[1]) * 60 + Long.parseLong(parts[2]);
        return seconds * 1000 + (parts.length > 3 ? Long.parseLong(parts[3]) : 0);
    }
}
