package io.millrace.broker.placement;

import static io.millrace.broker.placement.NodeOfferBuilder.node;
import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.Collections;
import java.util.Comparator;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class NodeOrderTest {
    private final NodeOrder order = new NodeOrder();
    private final List<SuppliedNode> nodes = new ArrayList<>();

    private boolean add(String id) {
        SuppliedNode node = new SuppliedNode(0, node(id).offer());
        nodes.add(node);
        return order.add(node);
    }

    private void checkOrder() {
        assertThat(nodes.stream().sorted(Comparator.comparingLong(node -> node.order)))
                .extracting(SuppliedNode::id)
                .isSorted();
        assertThat(nodes).extracting(node -> node.order).doesNotHaveDuplicates();
    }

    @ParameterizedTest(name = "seed {0}")
    @ValueSource(longs = {1, 2, 3})
    void numbersAreInTheOrderOfTheIdsWhateverOrderTheyCameIn(long seed) {
        List<String> ids = new ArrayList<>();
        for (int i = 0; i < 2_000; i++) {
            ids.add("node-" + i);
        }
        Collections.shuffle(ids, new Random(seed));
        ids.forEach(this::add);
        checkOrder();
    }

    @Test
    void numbersAllAnewIfThereIsNoRoomBetweenTwo() {
        add("a");
        add("b");
        boolean anew = false;
        StringBuilder id = new StringBuilder("a");
        for (int i = 0; i < 100; i++) {
            // Each between the last and b.
            anew |= add(id.append("z").toString());
            checkOrder();
        }
        assertThat(anew).isTrue();
    }
}
