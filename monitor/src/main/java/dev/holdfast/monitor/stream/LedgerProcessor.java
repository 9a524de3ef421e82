package dev.holdfast.monitor.stream;

import dev.holdfast.monitor.liveness.LeaseWatch;
import dev.holdfast.monitor.liveness.Ticker;
import java.time.Duration;
import java.util.Objects;
import java.util.function.LongSupplier;
import org.apache.kafka.streams.processor.Cancellable;
import org.apache.kafka.streams.processor.PunctuationType;
import org.apache.kafka.streams.processor.api.Processor;
import org.apache.kafka.streams.processor.api.ProcessorContext;
import org.apache.kafka.streams.processor.api.Record;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The life of a partition's watch in Kafka Streams. Streams may end it and begin again on the same
 * object; every beginning is a new incarnation, on what the stores hold.
 */
final class LedgerProcessor implements Processor<String, byte[], String, byte[]> {
  private static final Logger log = LoggerFactory.getLogger(LedgerProcessor.class);

  /** How often in an interval it is looked whether a tick is due. */
  private static final int LOOKS_PER_TICK = 5;

  private final Duration tick;
  private final LongSupplier nanos;
  private final MonitorFigures figures;
  private @Nullable PartitionWatch watch;
  private @Nullable Cancellable looking;

  LedgerProcessor(Duration tick, LongSupplier nanos, MonitorFigures figures) {
    this.tick = tick;
    this.nanos = nanos;
    this.figures = figures;
  }

  @Override
  public void init(ProcessorContext<String, byte[]> context) {
    int partition = context.taskId().partition();
    var table =
        new StoreLeaseTable(
            context.getStateStore(MonitorTopology.LEASES),
            context.getStateStore(MonitorTopology.CLOCK));
    long incarnation = table.clock().incarnation() + 1;
    var leases = new LeaseWatch(table, tick);
    var begun =
        new PartitionWatch(
            new Outlet(context, figures), partition, leases, new Ticker(incarnation, tick), nanos);
    watch = begun;
    looking =
        context.schedule(
            tick.dividedBy(LOOKS_PER_TICK), PunctuationType.WALL_CLOCK_TIME, now -> begun.tick());
    figures.begun(partition, leases, nanos.getAsLong());
    log.debug(
        "partition {} is ours as incarnation {}: {} open leases",
        partition,
        incarnation,
        leases.open());
  }

  @Override
  public void process(Record<String, byte[]> record) {
    Objects.requireNonNull(watch).read(record);
  }

  @Override
  public void close() {
    if (looking != null) {
      looking.cancel();
    }
    if (watch != null) {
      figures.ended(watch.partition());
    }
  }
}
