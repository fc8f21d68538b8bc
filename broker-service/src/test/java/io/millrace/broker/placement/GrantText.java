package io.millrace.broker.placement;

import java.util.List;
import java.util.stream.Collectors;

/** Grants as tables expect them. */
public final class GrantText {
    private GrantText() {}

    /** "a[0,1] b[3:250] c": devices in brackets, with their milli if they are shared; replicas if there are several. */
    public static String of(List<Grant> grants) {
        return grants.stream().map(GrantText::of).collect(Collectors.joining(" "));
    }

    private static String of(Grant grant) {
        IntVector devices = grant.deviceIndexes();
        String text = grant.nodeId();
        if (devices.size() > 0) {
            String indexes = devices.toString().replaceAll("[\\[\\] ]", "");
            text += "[" + indexes + (grant.milliPerDevice() < 1000 ? ":" + grant.milliPerDevice() : "") + "]";
        }
        return grant.replicas() == 1 ? text : text + "x" + grant.replicas();
    }
}
