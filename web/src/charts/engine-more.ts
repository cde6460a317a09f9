/** The other nine chart types; loaded only where a tile of one of them exists. */
import {
  BoxplotChart,
  CandlestickChart,
  ChordChart,
  FunnelChart,
  HeatmapChart,
  RadarChart,
  SankeyChart,
  SunburstChart,
  TreemapChart,
} from "echarts/charts";
import { RadarComponent, VisualMapContinuousComponent } from "echarts/components";
import { use } from "echarts/core";

use([
  BoxplotChart,
  CandlestickChart,
  ChordChart,
  FunnelChart,
  HeatmapChart,
  RadarChart,
  SankeyChart,
  SunburstChart,
  TreemapChart,
  RadarComponent,
  VisualMapContinuousComponent,
]);
