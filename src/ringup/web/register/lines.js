// The lines of a cart. Each keeps its place in the page, so that a quick second tap finds the same button.
export default {
  props: { lines: Array },
  template: `
    <div class="lines" role="list" aria-label="Cart">
      <div v-for="line in lines" :key="line.id" class="cart-line" role="listitem">
        <div class="what"><div>{{ line.name }}</div><div class="quiet small">{{ line.each }}</div>
          <div v-if="line.off" class="small">{{ line.off }}</div></div>
        <div class="count">
          <button type="button" class="step" :aria-label="'One ' + line.name + ' less'" @click="$emit('more', [line.id, -1])">−</button>
          <button type="button" class="number figure" :aria-label="line.quantity + ' of ' + line.name + ', change'"
                  @click="$emit('number', line.id)">{{ line.quantity }}</button>
          <button type="button" class="step" :aria-label="'One ' + line.name + ' more'" @click="$emit('more', [line.id, 1])">+</button>
        </div>
        <div class="figure sum-of-line">{{ line.total }}</div>
      </div>
    </div>`,
  watch: {
    lines(now, before) {
      if (now.length > before.length) this.$nextTick(() => { this.$el.scrollTop = this.$el.scrollHeight; });
    },
  },
};
