declare module "graphology-layout-forceatlas2/iterate.js" {
  /** One round: moves the nodes of the matrix (ten numbers each) in place. */
  export default function iterate(settings: object, nodes: Float32Array, links: Float32Array): object;
}
