// The goods as buttons. Each keeps its place in the page, so that a quick second tap finds the same button.
export default {
  props: { items: Array },
  template: `
    <div class="tile-grid">
      <button v-for="item in items" :key="item.id" type="button" class="tile" :style="{ '--hue': item.hue }"
              :disabled="item.is_out" :aria-label="item.label" @click="$emit('tap', item.id)">
        <span class="name">{{ item.name }}</span>
        <span class="foot"><span class="figure price">{{ item.price }}</span><span class="left">{{ item.left }}</span></span>
      </button>
    </div>`,
};
