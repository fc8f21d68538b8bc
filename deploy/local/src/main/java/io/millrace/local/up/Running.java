package io.millrace.local.up;

import io.millrace.local.Platform;
import io.millrace.local.PlatformOptions;
import io.millrace.local.Progress;
import io.millrace.local.UserError;
import io.millrace.local.scenario.Scenario;
import io.millrace.local.scenario.ScenarioDriver;
import io.millrace.schemas.AllocationDecision;
import io.millrace.schemas.Codecs;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;

/** A platform with somebody who watches it and, perhaps, a scenario that plays on it. Closing it stops all of that. */
final class Running implements AutoCloseable {
    private final Platform platform;
    private final Codecs codecs;
    private final ActivityFeed feed;
    private final AtomicReference<@Nullable ScenarioDriver> driver;

    private Running(
            Platform platform, Codecs codecs, ActivityFeed feed, AtomicReference<@Nullable ScenarioDriver> driver) {
        this.platform = platform;
        this.codecs = codecs;
        this.feed = feed;
        this.driver = driver;
    }

    static Running start(PlatformOptions options, @Nullable Scenario scenario, Progress progress) {
        Platform platform = Platform.start(options, progress);
        try {
            Codecs codecs = Codecs.connect(platform.registryUrl());
            AtomicReference<@Nullable ScenarioDriver> driver = new AtomicReference<>();
            ActivityFeed feed =
                    ActivityFeed.start(platform.bootstrapServers(), codecs, decision -> tell(driver.get(), decision));
            Running running = new Running(platform, codecs, feed, driver);
            if (scenario != null) {
                running.play(scenario, progress);
            }
            return running;
        } catch (RuntimeException e) {
            platform.close();
            throw e;
        }
    }

    Platform platform() {
        return platform;
    }

    Activity activity() {
        return feed.activity();
    }

    @Override
    public void close() {
        ScenarioDriver playing = driver.getAndSet(null);
        if (playing != null) {
            playing.close();
        }
        feed.close();
        platform.close();
        codecs.close();
    }

    private void play(Scenario scenario, Progress progress) {
        long begin = System.nanoTime();
        try {
            driver.set(ScenarioDriver.start(
                    scenario,
                    platform.bootstrapServers(),
                    codecs,
                    platform.ingestUrl().orElseThrow()));
        } catch (IllegalStateException e) {
            throw new UserError("the scenario cannot be played: " + e.getMessage(), e);
        }
        progress.done("scenario", UpCommand.describe(scenario), (System.nanoTime() - begin) / 1_000_000);
    }

    private static void tell(@Nullable ScenarioDriver driver, AllocationDecision decision) {
        if (driver != null) {
            driver.heard(decision);
        }
    }
}
