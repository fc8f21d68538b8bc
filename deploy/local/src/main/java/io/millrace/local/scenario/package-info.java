/**
 * A country to look at: eight hubs, some twenty centres of all four kinds, their telemetry, and tenants who ask for what they
 * have. {@link io.millrace.local.scenario.Scenario} and what it is made of are pure: the same seed gives the same reports and
 * requests, at the times that they are asked for. {@link io.millrace.local.scenario.ScenarioDriver} plays one through the real
 * topics in real time.
 */
@NullMarked
package io.millrace.local.scenario;

import org.jspecify.annotations.NullMarked;
