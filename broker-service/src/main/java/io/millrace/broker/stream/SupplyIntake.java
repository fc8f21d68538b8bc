package io.millrace.broker.stream;

import io.millrace.broker.placement.OfferCheck;
import io.millrace.runtime.CommitPace;
import io.millrace.runtime.PatientCodec;
import io.millrace.schemas.Decoded;
import io.millrace.schemas.MarketCommand;
import io.millrace.schemas.NodeCapacity;
import io.millrace.schemas.NodeCommand;
import io.millrace.schemas.RejectReason;
import org.apache.kafka.streams.processor.api.Processor;
import org.apache.kafka.streams.processor.api.ProcessorContext;
import org.apache.kafka.streams.processor.api.Record;

/** Passes what nodes can sell to their markets, as commands. Stateless. */
final class SupplyIntake implements Processor<byte[], byte[], Object, Object> {
    private final PatientCodec<NodeCapacity> codec;
    private final BrokerMeters meters;
    private final CommitPace commits;
    private ProcessorContext<Object, Object> context;
    private Outlet outlet;
    private CommitPace.Task pace;
    private DeadLetters deadLetters;

    SupplyIntake(PatientCodec<NodeCapacity> codec, BrokerMeters meters, CommitPace commits) {
        this.codec = codec;
        this.meters = meters;
        this.commits = commits;
    }

    @Override
    public void init(ProcessorContext<Object, Object> context) {
        this.context = context;
        outlet = new Outlet(context);
        pace = commits.of(context);
        deadLetters = new DeadLetters(context, BrokerTopology.SUPPLY_REJECTED_SINK, meters);
    }

    @Override
    public void process(Record<byte[], byte[]> record) {
        pace.did();
        if (record.value() == null) {
            // The table's way of saying that the node is gone for good; its last status, LOST, came before.
            return;
        }
        switch (codec.decode(record.value())) {
            case Decoded.Refused<NodeCapacity> refused -> deadLetters.put(record, refused.reason(), refused.detail());
            case Decoded.Value<NodeCapacity> decoded -> {
                NodeCapacity capacity = decoded.value();
                String problem = OfferCheck.problem(OfferCodec.read(capacity));
                if (capacity.getMarketId().isEmpty()) {
                    deadLetters.put(record, RejectReason.INVALID_ID, "marketId is empty");
                } else if (problem != null) {
                    deadLetters.put(record, RejectReason.OUT_OF_RANGE, problem);
                } else {
                    MarketCommand command = new MarketCommand(
                            outlet.position(),
                            capacity.getMarketId(),
                            context.currentSystemTimeMs(),
                            new NodeCommand(capacity));
                    outlet.forward(
                            capacity.getMarketId(), command, record.timestamp(), BrokerTopology.SUPPLY_COMMANDS_SINK);
                }
            }
        }
    }
}
